/* environment_system.h: what the system says of itself in /proc and /sys.
 *
 * Every function reads below a root ("" for the real machine) and cannot fail:
 * what is missing is NULL, NAN or FIELD_NULL.  Texts are the caller's to free.
 * Sources: proc(5), sysfs(5); Linux Documentation/ABI and admin-guide for the
 * files that are named in the .c file. */
#ifndef CORESWEEP_ENVIRONMENT_SYSTEM_H
#define CORESWEEP_ENVIRONMENT_SYSTEM_H

#include <stdint.h>

/* "Linux 6.1.0"; the processor's name; NULL where it has none (AArch64). */
char *system_kernel(const char *root);
char *system_cpu_model(const char *root);

/* Who runs this virtual machine, in the names that people know; "unknown"
 * where only the processor says that there is somebody, "none" where it says
 * that there is nobody; NULL: not told. */
char *system_hypervisor(const char *root);

/* "docker", "podman", or what the system calls the container; NULL: none seen.
 */
char *system_container(const char *root);

/* CPUs that are online. */
int64_t system_online_cpus(const char *root);

/* 1: CPUs may exceed their base clock; 0: they may not. */
int64_t system_turbo(const char *root);

/* How often CPUs got too hot since the system started: the highest count of a
 * core. */
int64_t system_thermal_throttles(const char *root);

/* What of the swap space is in use, in bytes. */
double system_swap_used_bytes(const char *root);

/* "mains" or "battery"; NULL: it does not say, as machines without a battery
 * do. */
char *system_power_source(const char *root);

#endif

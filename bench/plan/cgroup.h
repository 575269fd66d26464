/* cgroup.h: a quantity of the control groups that hold this process: of its own
 * and of all above it that can be seen, in both versions of the interface.
 *
 * Sources: Linux Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/;
 * cgroups(7); proc(5) for mountinfo. */
#ifndef CORESWEEP_CGROUP_H
#define CORESWEEP_CGROUP_H

/* A directory's value; NAN: not told. */
typedef double cgroup_reader(const char *directory);

struct cgroup_quantity {
  const char *controller; /* of version 1: "cpu" */
  const char *const
      *mounts_v1; /* where it is mounted by convention, and NULL */
  cgroup_reader *read_v1, *read_v2;
  /* Puts together what a group and its ancestors have, and what mounts and
   * versions have that may show the same group. */
  double (*upwards)(double, double), (*across)(double, double);
};

/* The quantity; NAN where no group is told of.  Where the group's path does not
 * exist below the mount, as in a container, the mount's own root is read.
 * root: a prefix to every path, "" for the real machine.  Cannot fail. */
double cgroup_read(const char *root, const struct cgroup_quantity *quantity);

/* A file of a directory that is there and readable gives its first line.  One
 * that is not there in a group's directory: INFINITY (this group has no such
 * limit, as the topmost one, or one without the controller).  NAN otherwise.
 * parse: of that line. */
double cgroup_limit(const char *directory, const char *name,
                    double (*parse)(const char *line));

/* The lower of two limits, INFINITY for none; NAN (not told) where one is not
 * told and the other one is none.  For upwards and across. */
double cgroup_tightest(double a, double b);

/* The sum of what is told.  For upwards and across. */
double cgroup_sum(double a, double b);

#endif

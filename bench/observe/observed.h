/* observed.h: what the observer tells of a process, in a file that it maps: a
 * header, a table of modules, a table of regions.
 *
 * The observer is a library that the loader puts in front of a program
 * (LD_PRELOAD).  OBSERVED_FOLDER in the environment names an absolute folder
 * that is there.  Each process that begins or ends with an OpenMP library
 * loaded, or opens a parallel region, makes one file in it: PID.N, N counted
 * from 0 (after an exec a process has the same pid, and a file of its own).
 * One without OpenMP makes none.  No file, then, for a program that uses
 * OpenMP: a static libgomp, setuid, another loader, a sanitizer that refused,
 * or that folder.
 *
 * The file is there before the first region and true at every moment: a killed
 * process has told what it knew.  Times are in ns of CLOCK_MONOTONIC.  It holds
 * what one machine wrote for itself: native byte order, and fixed widths.
 *
 * Only regions of the outermost team count: nested ones are work of the thread
 * that opened them.  Of a region's call, with p threads, from F (before the
 * runtime is called) to J (after it came back), thread i begins the region's
 * function at b_i and ends at e_i, and L is the last end (of a task, where one
 * ends later).  Then, for all threads together,
 *
 *   p (J - F) = start + work + dispatch + lock + task + behind + release
 *             + late + join                                        (core_ns)
 *
 *   start     sum of b_i - F: waking or starting threads
 *   work      what is left of b_i to e_i, and bodies of tasks wherever they
 * ran; with it all that cannot be told (inlined static chunks, single, master,
 * atomic, reductions), also time on no CPU dispatch  in the runtime for the
 * next chunk, section, or to make a task lock      for a critical section, a
 * lock, or one's turn (ordered): until the one before has let go; what the
 * hand-over takes counts as inside task      in taskwait, taskgroup and
 * taskyield, without tasks' bodies behind    at barriers inside of the region,
 * until the last one came or the last task ended release   at these barriers,
 * from then on late      sum of L - e_i, without bodies of tasks: behind the
 * last one join      p (J - L)
 *
 * In words of the breakdown: start is `start`, dispatch `dispatch`, behind and
 * late `imbalance`, release and join `join`; lock and task have no like among
 * kernels; work is `useful` and all that inflates it. */
#ifndef CORESWEEP_OBSERVED_H
#define CORESWEEP_OBSERVED_H

#include <stddef.h>
#include <stdint.h>

#define OBSERVED_MAGIC  "coreobs"
#define OBSERVED_FOLDER "CORESWEEP_OBSERVE"

#define OBSERVED_NONE UINT32_MAX /* no such module */

enum {
  OBSERVED_VERSION = 2,
  OBSERVED_MODULES = 64,
  OBSERVED_REGIONS = 512, /* the last: all that found no room */
  OBSERVED_PATH = 512,    /* with its NUL; a longer one is cut off in front */
  OBSERVED_BUILD_ID = 32, /* bytes; a longer one is cut off */
  OBSERVED_CALLERS = 6,   /* return addresses that are told of */
  OBSERVED_THREADS = 1024 /* of a team that can be told of */
};

/* Which OpenMP library ran regions. */
enum observed_runtime {
  OBSERVED_NO_RUNTIME, /* none ran any */
  OBSERVED_LIBGOMP,
  OBSERVED_LIBOMP,
  OBSERVED_RUNTIMES
};

/* Why a process is not observed; what stands in its tables by then is not to be
 * used. */
enum observed_refusal {
  OBSERVED_TOLD,         /* it is */
  OBSERVED_TWO_RUNTIMES, /* two libraries run regions */
  OBSERVED_NOT_CALLED, /* a library is loaded, but no region of it came by: none
                          ran, or RTLD_DEEPBIND */
  OBSERVED_OTHER_TOOL, /* OMP_TOOL_LIBRARIES names another tool, which stays */
  OBSERVED_SANITIZER,  /* the thread sanitizer needs the tool of its own */
  OBSERVED_OLD_TOOL,   /* the library lacks what the tool needs */
  OBSERVED_REFUSALS
};

/* Of a process. */
enum observed_flag {
  OBSERVED_TASKS_UNTOLD = 1, /* bodies of some tasks (taskloop, detached) are in
                                what their thread waited for */
  OBSERVED_NESTED = 2,       /* a region opened another of more than one thread:
                                more threads than the team's were there */
  OBSERVED_CHUNKS_UNTOLD = 4, /* the library does not tell of chunks: dispatch
                                 is in work */
  OBSERVED_DOACROSS = 8,      /* waits of doacross loops are in work */
  OBSERVED_ORDERLY = 16, /* end_ns is the process's own end: no _exit, exec,
                            signal */
  OBSERVED_LOCKS = 32, /* more than one lock was held: critical_ns is of all */
  OBSERVED_FLAGS = 63
};

struct observed_header {
  char magic[8]; /* OBSERVED_MAGIC */
  uint32_t version;
  uint32_t header_bytes, module_bytes, region_bytes; /* of one */
  uint32_t module_limit, region_limit;               /* room in the tables */
  uint32_t modules, regions;                         /* so many in use */
  int32_t pid, parent; /* when the file was made */
  uint32_t runtime;    /* enum observed_runtime */
  uint32_t refusal;    /* enum observed_refusal */
  uint32_t flags;      /* enum observed_flag */
  uint32_t team_max;
  uint64_t begin_ns; /* the library was loaded, or the process forked */
  uint64_t end_ns;   /* its end where it was orderly, else the last stamp that
                        closed a region; 0: none was closed */
  /* Wall time with a region open, of all threads that open any; while one is
   * open, open_regions > 0 and parallel_ns lacks the stamp of its end: add
   * that of the process's end, modulo 2^64 (observed_parallel_ns). */
  uint64_t parallel_ns;
  uint32_t open_regions;
  uint32_t spare;
  uint64_t calls_untold; /* of regions that found no room: too many threads that
                            open regions, too large a team */
  uint64_t calls_nested; /* of nested regions */
};

/* A program or library that regions are of. */
struct observed_module {
  uint64_t base; /* what the loader added to the addresses in the file */
  uint32_t build_id_bytes; /* 0: it has none */
  uint32_t path_cut;       /* 1: the path's beginning is missing */
  uint8_t build_id[OBSERVED_BUILD_ID];
  char path[OBSERVED_PATH]; /* as the loader knows it, absolute for the program;
                               NUL-terminated */
};

/* A region of the source, by its outlined function; sums over its calls, of all
 * threads of its teams. */
struct observed_region {
  uint32_t sequence; /* odd: the process ended while it was being changed, and
                        the sums may contradict each other by a call */
  uint32_t flags;    /* of enum observed_flag: TASKS_UNTOLD, NESTED, DOACROSS */
  /* The outlined function, and where the first call returned to in the program;
   * offsets are addresses as the module's file has them.  libomp does not tell
   * the function: module is OBSERVED_NONE, and the caller is the key.  Both are
   * OBSERVED_NONE in the last entry, and where code lies in no module. */
  uint32_t module, caller_module;
  uint64_t offset, caller_offset;
  /* Return addresses on the stack of the first call, in the caller's module,
   * the innermost first: of the caller's own callers, for a name; 0: no more.
   */
  uint64_t callers[OBSERVED_CALLERS];

  uint64_t calls;
  uint64_t first_ns;            /* stamp of the first call's F */
  uint64_t wall_ns, longest_ns; /* J - F: sum, and the longest */
  uint32_t team_min, team_max;
  uint64_t team_sum; /* over calls */

  uint64_t core_ns; /* sum of p (J - F); the following add up to it: */
  uint64_t start_ns, work_ns, dispatch_ns, lock_ns, task_ns;
  uint64_t behind_ns, release_ns, late_ns, join_ns;

  /* Late, by what the last one had more of than the others (p times its own,
   * less that of all): adds up to late_ns.  Barrier: behind and release. */
  int64_t late_start_ns, late_work_ns, late_dispatch_ns, late_lock_ns,
      late_task_ns, late_barrier_ns;

  uint64_t
      most_work_ns;     /* sum over calls of the work of the thread with most */
  uint64_t uneven_ns;   /* sum over calls of (behind + late) / p: wall time that
                           perfect balance would save */
  uint64_t critical_ns; /* of work: in critical sections, ordered ones, and with
                           locks held; a thread's nested ones once */

  uint64_t barriers;  /* passed, of all threads; not the region's own end */
  uint64_t locks;     /* critical sections, locks, turns taken */
  uint64_t contended; /* of these, waited for */
  uint64_t tasks;     /* bodies that were told */
  uint64_t chunks; /* chunks and sections handed out; static ones are inlined */
  uint64_t chunks_timed; /* of these, those that were timed: where they are
                            shorter than 2 us, one in 16, and dispatch is of all
                            from those */
};

/* A file that was read.  Both tables are owned. */
struct observed {
  struct observed_header header;
  struct observed_module *modules; /* header.modules */
  struct observed_region *regions; /* header.regions */
};

/* Reads a file of an observer and believes nothing of it: sizes, limits,
 * indexes, texts, and that each region's sums add up, within 1% and a call
 * where its sequence is odd.  Returns NULL, or what is wrong with it in words
 * (static; errno is kept where a file cannot be read), and then *observed has
 * no tables. */
const char *observed_read(const char *path, struct observed *observed);

/* Frees the tables.  Cannot fail. */
void observed_free(struct observed *observed);

/* Wall time in ns with a region open, for a process that ended at end_ns (of
 * CLOCK_MONOTONIC, used only while one is still open).  Cannot fail. */
uint64_t observed_parallel_ns(const struct observed_header *header,
                              uint64_t end_ns);

/* In words, for a sentence that begins with "not observed: ".  Static; cannot
 * fail. */
const char *observed_why_not(uint32_t refusal);

#endif

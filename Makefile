# coresweep: what did another core buy me, and where did the rest go?
#
#   make bench    measure this machine and draw the charts
#   make test     check that the program is right
#   make help     every target and variable

ifeq ($(wildcard kernels/kernel.h),)
$(error make has to run in the project's folder, as in make -C FOLDER)
endif

##@ Variables
CC      ?= cc##                      the compiler, gcc or clang
ARCH    ?= native##                  -march=ARCH; empty: none
CFLAGS  ?= -O3##                     optimisation
CPPFLAGS ?=##                        for the preprocessor, as -I/opt/include
LDFLAGS ?=##                         for the linker, as -L/opt/lib
BUILD   ?= build##                   where everything built goes
KERNELS ?=##                         what `make bench` measures, as "cube spin/serial=0.1"; empty: ten workloads, or eight with QUICK=1
VARIANTS ?=##                        how it runs them, as "serial omp:static"; empty: six
WORKERS ?=##                         worker counts, as 1,2,4 or 1..8; empty: what suits the machine
BUDGET  ?=##                         time for the measurements; empty: 2m, or 17s with QUICK=1
OUT     ?=##                         folder of the run; empty: a new one under results/
PREFIX  ?= /usr/local##              for install: where to; also prefix, bindir, libdir, datarootdir, mandir as GNU has them
DESTDIR ?=##                         for install: in front of that, as packagers use it
MACHINE ?=##                         what charts call this kind of machine, as in "2-vCPU cloud VM"
PROGRAM ?=##                         your own program, for bench: './prog {workers}'
A       ?=##                         for compare: the first run's folder
B       ?=##                         for compare: the second's
EXTRA_KERNELS ?=##                   kernels of your own, from anywhere: /path/square.c
LDLIBS  ?=##                         libraries that those need, as -lfftw3
FUZZ_TARGETS ?=##                    for fuzz: which, as in "plan records"; empty: all
FUZZ_SECONDS ?= 600##                for fuzz: how long each
ONLY    ?=##                         for mutants: rooms, or parts of names; empty: all
V       ?=##                         1: show whole commands; 0 or empty: a line each
CLASS   ?=##                         1: what every machine of the class measures, to be compared
QUICK   ?=##                         1: six rounds of short regions, under 30 s

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wno-enum-float-conversion \
  -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wundef -Wvla \
  -Wwrite-strings -Wpointer-arith -Wcast-qual -Wdouble-promotion -Wformat=2
FLAGS     = -std=c17 -D_GNU_SOURCE $(strip $(CPPFLAGS) $(CFLAGS)) $(MARCH) -fopenmp $(EXTRA)
REVISION := $(shell unset $$(git rev-parse --local-env-vars 2>/dev/null); GIT_DIR=.git git describe --always --dirty --abbrev=10 2>/dev/null || echo unknown)
VERSION  := 0.1.0

# As sh takes them: a text, a variable's value (none for blanks alone), an option
# where it has one.
quoted = '$(subst ','\'',$(1))'
value_of = $(call quoted,$(if $(strip $($(1))),$($(1))))
option = $(if $(strip $($(2))),$(1) $(call value_of,$(2)))

ifneq ($(BUILD),build)
WRONG := $(shell sh scripts/build_folder.sh $(call quoted,$(BUILD)))
$(if $(WRONG),$(error BUILD=$(BUILD): $(WRONG)))
endif

# Asked for once, when something is compiled: by then there is a compiler.  An
# ARCH in the environment may be meant for another's build, as Linux's.
MARCH     = $(eval MARCH := $(march_of))$(MARCH)
march_of  = $(if $(own_march),,$(if $(ARCH),$(if $(call takes,-march=$(ARCH)),-march=$(ARCH),$(if $(call takes),$(not_taken)))))
own_march = $(if $(filter command%,$(origin ARCH)),,$(filter -march=% -mcpu=%,$(CFLAGS)))
takes     = $(shell echo 'int x;' | $(CC) $(1) -x c -c -o /dev/null - 2>/dev/null && echo yes)
not_taken = $(if $(filter command%,$(origin ARCH)),$(error ARCH=$(ARCH): $(CC) takes no -march=$(ARCH); ARCH= for none),\
  $(if $(filter native,$(ARCH)),$(warning $(CC) takes no -march=native: built without),\
    $(warning ARCH=$(ARCH) of the environment: $(CC) takes no -march=$(ARCH); taken: native)\
    $(if $(call takes,-march=native),-march=native)))

KERNEL_SOURCES  := $(sort $(wildcard kernels/*.c))
$(foreach file,$(EXTRA_KERNELS),$(if $(filter %.c,$(wildcard $(file))),,$(error EXTRA_KERNELS: $(file) is no file that is there and ends in .c)))
EXTRA_OBJECTS   := $(patsubst %.c,$(BUILD)/extra%.o,$(abspath $(EXTRA_KERNELS)))
VARIANT_SOURCES := $(sort $(wildcard bench/trial/variants/*.c))
TRANSPORT_SOURCES := $(sort $(wildcard bench/trial/transports/*.c))
HARNESS_SOURCES := $(sort $(filter-out bench/main.c bench/tests/%,$(wildcard bench/*.c bench/*/*.c bench/sweep/simulated/*.c)))
LIBRARY_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(KERNEL_SOURCES) $(VARIANT_SOURCES) $(TRANSPORT_SOURCES) $(HARNESS_SOURCES)) $(EXTRA_OBJECTS) $(BUILD)/registry.o
TESTS           := $(patsubst bench/tests/%.c,%,$(sort $(wildcard bench/tests/test_*.c)))
TEST_SCRIPTS    := $(notdir $(sort $(wildcard bench/tests/test_*.sh)))
PERF            := $(patsubst %,$(BUILD)/bench/tests/perf/%,gates rooflines textbook bare zlib_rate observe_cost events observed)
PERF_OBJECTS    := $(patsubst %,$(BUILD)/bench/tests/perf/%.o,measure gate setup)
PERF_ROUNDS     := $(call option,--rounds,ROUNDS)# of gates and rooflines
FUZZ_OBJECTS    := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %/fuzzer.c,$(sort $(wildcard bench/tests/fuzz/*.c))))
FUZZER          := $(BUILD)/bench/tests/fuzz/fuzzer
# What clang alone can link, and every compiler compiles.
COMPILED        := $(patsubst %.c,$(BUILD)/%.o,$(wildcard bench/tests/fuzz/fuzzer.c bench/tests/tsan/*.c))
OBSERVED        := $(patsubst %,$(BUILD)/bench/tests/observe/%,check told $(addsuffix .o,constructs constructs_regions constructs_loops constructs_locks constructs_tasks constructs_old lives plugin))
TEST_HELPERS    := $(patsubst %.c,$(BUILD)/%.o,$(filter-out bench/tests/test_%.c,$(wildcard bench/tests/*.c)))

.PHONY: all bench compare test lint sanitize format clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:

##@ Targets
all: $(BUILD)/coresweep $(BUILD)/coresweep-observe.so ## build the program: build/coresweep

bench: deps-bench $(BUILD)/coresweep ## measure, check, analyse, draw: under 3 minutes
	@MACHINE=$(call value_of,MACHINE) $(BUILD)/coresweep bench \
	  $(call option,--workers,WORKERS) $(call option,--out,OUT) \
	  $(if $(strip $(PROGRAM)),$(call option,--program,PROGRAM) $(if $(strip $(BUDGET)),,$(if $(filter-out 0,$(QUICK)),--budget 17s)),\
	    $(call option,--kernels,KERNELS) $(call option,--variants,VARIANTS)) \
	  $(call option,--budget,BUDGET) $(if $(strip $(PROGRAM)),,$(if $(filter-out 0,$(QUICK)),--quick) $(if $(filter-out 0,$(CLASS)),$(call option,--class,CLASS)))

compare: $(BUILD)/coresweep ## A= and B= (run folders; default: the last two), side by side
	@$(BUILD)/coresweep compare $(if $(A),$(call quoted,$(A))) $(if $(B),$(call quoted,$(B)))

.PHONY: overheads gates
overheads: deps-bench $(BUILD)/coresweep ## what teams, regions, chunks and transports cost here: under 1 minute
	@$(BUILD)/coresweep overheads $(call option,--workers,WORKERS) \
	  $(call option,--out,OUT) $(if $(filter-out 0,$(QUICK)),--quick)

gates: $(BUILD)/coresweep $(BUILD)/bench/tests/perf/gates $(BUILD)/bench/tests/perf/bare ## what coresweep itself adds, beside bare loops: each ratio with its limit
	+@$(MAKE) -s BUILD=$(BUILD)-nostamps EXTRA=$(call quoted,$(EXTRA) -DCORESWEEP_NO_STAMPS) all
	@$(BUILD)/bench/tests/perf/gates --stampless $(BUILD)-nostamps/coresweep $(PERF_ROUNDS)

.PHONY: observe-cost
observe-cost: $(BUILD)/coresweep $(BUILD)/coresweep-observe.so $(BUILD)/bench/tests/perf/observe_cost $(BUILD)/bench/tests/perf/events ## what the observer adds to a program that it watches: ns an event, at most 1% at regions of 50 us
	@$(BUILD)/bench/tests/perf/observe_cost $(PERF_ROUNDS)

.PHONY: probe rooflines rooflines-here
probe: $(BUILD)/coresweep ## what this machine can do at most: bytes, additions, cycles a second
	@$(BUILD)/coresweep probe $(call option,--workers,WORKERS) $(call option,--out,OUT)

# What misses a limit does not hide what comes after it.
rooflines: ## kernels beside the machine's limits, with gcc and with clang: about twelve minutes
	+@status=0; for cc in gcc clang; do \
	  $(MAKE) -s CC=$$cc BUILD=$(BUILD)-$$cc rooflines-here || status=$$?; \
	done; exit $$status
rooflines-here: deps-test $(BUILD)/coresweep $(PERF)
	@status=0; for program in rooflines textbook; do \
	  $(BUILD)/bench/tests/perf/$$program $(PERF_ROUNDS) || status=$$?; \
	  [ $$status -lt 128 ] || break; \
	done; exit $$status

.PHONY: textbook-instructions
textbook-instructions: deps-count $(BUILD)/coresweep ## instructions in blocks by those with the plain directive; needs valgrind
	@sh scripts/textbook_instructions.sh $(BUILD)/coresweep

# For builds beside this one.
ALL_CPUS = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

# COMPILER-OPTIMISATION-ARCH; the first is what the others are compared with.
OPT_BUILDS := $(foreach cc,gcc clang,$(cc)-O0 $(cc)-O2 $(cc)-O3 $(cc)-O3-native)
.PHONY: opt-table $(OPT_BUILDS:%=opt-build-%)
opt-table: $(OPT_BUILDS:%=opt-build-%) ## what -O0, -O2, -O3, -march=native bought, with gcc and clang: a table, under 3 minutes
	@MACHINE=$(call value_of,MACHINE) sh scripts/opt_table.sh $(OPT_BUILDS:%=$(BUILD)/opt/%/coresweep)
$(OPT_BUILDS:%=opt-build-%): opt-build-%:
	+@$(MAKE) -s $(ALL_CPUS) CC=$(word 1,$(subst -, ,$*)) \
	  CFLAGS=-$(word 2,$(subst -, ,$*)) ARCH=$(word 3,$(subst -, ,$*)) BUILD=$(BUILD)/opt/$* all

.PHONY: asm test-aarch64
KERNEL  ?= cube##                    for asm: the kernel
KERNEL_OBJECTS := $(KERNEL_SOURCES:%.c=$(BUILD)/%.o) $(EXTRA_OBJECTS)
asm: $(filter %/$(KERNEL).o,$(KERNEL_OBJECTS)) ## KERNEL=cube: the loops of its run(), as the compiler made them
	@sh scripts/asm.sh $(call quoted,$(KERNEL)) '$<' $(basename $(notdir $(KERNEL_OBJECTS)))

test-aarch64: deps-test deps-aarch64 ## the kernels' tests for AArch64, cross-compiled, under qemu-user
	@BUILD='$(BUILD)' sh scripts/test_aarch64.sh

# As GNU's conventions name them.
prefix      ?= $(PREFIX)
exec_prefix ?= $(prefix)
bindir      ?= $(exec_prefix)/bin
libdir      ?= $(exec_prefix)/lib
datarootdir ?= $(prefix)/share
mandir      ?= $(datarootdir)/man
INSTALL     ?= install
SHELLS      := bash zsh fish
MANUAL      := $(patsubst %,$(BUILD)/manual/%,man $(SHELLS))
# What draws charts, and the program looks for beside its folder.
DRAWING     := $(filter-out scripts/plain.gp,$(sort $(wildcard scripts/*.gp scripts/*.html scripts/*.css scripts/*.js)))
# Each file with the macro (1): what it is, where it goes, its mode.
INSTALLED    = $(call $(1),$(BUILD)/coresweep,$(bindir)/coresweep,755) \
  $(call $(1),$(BUILD)/manual/man,$(mandir)/man1/coresweep.1,644) \
  $(call $(1),$(BUILD)/manual/bash,$(datarootdir)/bash-completion/completions/coresweep,644) \
  $(call $(1),$(BUILD)/manual/zsh,$(datarootdir)/zsh/site-functions/_coresweep,644) \
  $(call $(1),$(BUILD)/manual/fish,$(datarootdir)/fish/vendor_completions.d/coresweep.fish,644) \
  $(foreach file,$(DRAWING),$(call $(1),$(file),$(datarootdir)/coresweep/$(notdir $(file)),644)) \
  $(call $(1),$(BUILD)/coresweep-observe.so,$(libdir)/coresweep/coresweep-observe.so,644)
# What not every machine can build is put there where it was built.
put  = [ ! -e $(1) ] || $(INSTALL) -D -m $(3) $(1) $(call quoted,$(DESTDIR)$(2)) || exit;
drop = rm -f $(call quoted,$(DESTDIR)$(2)) || exit;
# Folders of its own; others' hold other things.
OWN_FOLDERS  = $(call quoted,$(DESTDIR)$(datarootdir)/coresweep) $(call quoted,$(DESTDIR)$(libdir)/coresweep)

$(MANUAL): $(BUILD)/manual/%: $(BUILD)/coresweep scripts/manual.sh scripts/man.awk scripts/completion.awk
	@mkdir -p $(@D)
	@sh scripts/manual.sh $(BUILD)/coresweep $* >$@

.PHONY: install uninstall
install: $(BUILD)/coresweep $(MANUAL) ## put the program, its manual and completions under PREFIX
	@$(call INSTALLED,put)

uninstall: ## take them away again
	@$(call INSTALLED,drop)
	@for folder in $(OWN_FOLDERS); do \
	  [ ! -d "$$folder" ] || rmdir "$$folder" || exit; \
	done

.PHONY: test-programs
test-programs: deps-programs $(BUILD)/coresweep ## sweeps over programs that nobody here wrote: some minutes
	@CORESWEEP='$(BUILD)/coresweep' sh bench/tests/programs/real.sh

.PHONY: test-browser
test-browser: deps-browser $(BUILD)/coresweep ## report.html in a headless Chromium: by mouse, keys and ear, dark, on a phone, on paper: 3 minutes
	@CORESWEEP='$(BUILD)/coresweep' sh bench/tests/browser/runs.sh

.PHONY: observe-programs
observe-programs: deps-observe $(BUILD)/coresweep-observe.so $(BUILD)/bench/tests/perf/observed ## a dozen of packages' programs, observed and not: output, f, what two threads bought; UNDER='chrt -r 1' where others run: some minutes
	@sh scripts/observe_programs.sh '$(BUILD)'

test: deps-test $(BUILD)/coresweep tests ## every test program, one after the other
	@BUILD='$(BUILD)' CORESWEEP='$(BUILD)/coresweep' sh bench/tests/run.sh $(TESTS) $(TEST_SCRIPTS)

.PHONY: coverage-study
coverage-study: deps-test $(BUILD)/bench/tests/test_coverage $(BUILD)/bench/tests/test_program_coverage ## how often intervals hold the truth and verdicts do not, on simulated machines: results/coverage-study.md
	@$(BUILD)/bench/tests/test_coverage --out results/coverage-study.md
	@$(BUILD)/bench/tests/test_program_coverage --whole

.PHONY: compare-study
compare-study: deps-test $(BUILD)/bench/tests/test_unpaired $(BUILD)/bench/tests/test_pairs ## how often compare's intervals hold the truth, and a point or a workload that is slower is found: tables, ten minutes
	@$(BUILD)/bench/tests/test_unpaired --study
	@$(BUILD)/bench/tests/test_pairs --study

.PHONY: widths
widths: $(BUILD)/coresweep ## how narrow intervals get in the time of `make bench` on simulated machines of 2, 16 and 64 CPUs
	@KERNELS=$(call value_of,KERNELS) VARIANTS=$(call value_of,VARIANTS) BUILD='$(BUILD)' sh scripts/widths.sh

.PHONY: aa
aa: $(BUILD)/coresweep ## serial in blocks with itself, 20 times: 1 within at least 17 intervals
	@$(BUILD)/coresweep aa

.PHONY: soak
soak: deps-test $(BUILD)/coresweep tests ## the fault tests, ten times over: some minutes
	@BUILD='$(BUILD)' CORESWEEP='$(BUILD)/coresweep' sh bench/tests/soak.sh

# The whole program has the counters that libFuzzer looks at; its main, the
# fuzzer alone.
.PHONY: fuzz fuzzer
FUZZ_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
fuzz: deps-fuzz ## what reads files and words, fed with what libFuzzer thinks of: ten minutes a target; needs clang
	+@$(MAKE) -s $(ALL_CPUS) CC=clang BUILD=$(BUILD)-fuzz CFLAGS='-O1 -g' ARCH= \
	  EXTRA='$(FUZZ_FLAGS) -fsanitize=fuzzer-no-link' fuzzer
	@BUILD='$(BUILD)-fuzz' FUZZ_SECONDS='$(strip $(FUZZ_SECONDS))' sh scripts/fuzz.sh $(FUZZ_TARGETS)
fuzzer: $(FUZZER)

.PHONY: precision
# The last revision whose sweeps paired regions by round.
PRECISION_OLD := 8b6386d03ffcb34c262c279f7aff297ddca532e1
precision: $(BUILD)/coresweep ## how narrow intervals are, beside those of sweeps without blocks, at equal time: half an hour
	@sh scripts/precision.sh $(BUILD)/coresweep $(PRECISION_OLD)

.PHONY: mutants
mutants: deps-test ## how many small faults the tests catch, by room: about half an hour
	@sh scripts/mutants.sh $(ONLY)

.PHONY: causes
causes: $(BUILD)/coresweep ## is the right cause of a loss named? each put into runs here, TRIES=10: half an hour
	@sh scripts/causes.sh $(ONLY)

.PHONY: analysis-speed
analysis-speed: $(BUILD)/coresweep ## what the analysis of 10^3 to 10^6 records takes: seconds, memory, growth
	@sh scripts/analysis_speed.sh $(BUILD)/coresweep

.PHONY: charts-speed
charts-speed: $(BUILD)/coresweep ## what drawing 1 to 256 workers takes, beside a plain gnuplot picture of as many points: a minute
	@sh scripts/charts_speed.sh $(BUILD)/coresweep

.PHONY: tests
tests: $(addprefix $(BUILD)/bench/tests/,$(TESTS)) $(PERF) $(BUILD)/foldable/coresweep $(COMPILED) $(BUILD)/bench/tests/programs/known $(OBSERVED) $(BUILD)/coresweep-observe.so

# The same program with kernels that are wrong: one that every compiler empties,
# one whose textbook form does nothing; optimised always.
FOLDABLE := $(sort $(wildcard bench/tests/fixtures/*.c))
$(BUILD)/foldable/registry.c: FORCE | $(BUILD)
	$(call REGISTRY,$(FOLDABLE))
$(BUILD)/foldable/registry.o: $(BUILD)/foldable/registry.c $(BUILD)/flags $(BUILD)/libraries | deps-build
	$(SAY) '  CC    $@'
	$(COMPILE) -o $@ $<
$(FOLDABLE:%.c=$(BUILD)/%.o): DEFINES += -O2
$(BUILD)/foldable/coresweep: $(BUILD)/bench/main.o $(filter-out $(BUILD)/registry.o,$(LIBRARY_OBJECTS)) $(FOLDABLE:%.c=$(BUILD)/%.o) $(BUILD)/foldable/registry.o
	$(SAY) '  LINK  $@'
	$(LINK)

lint: deps-lint ## warnings as errors with gcc and clang, clang-tidy, cppcheck, clang-format, shellcheck
	@sh scripts/lint.sh

# Several times as slow, and more so where something else runs.
sanitize: ## every test program under the address and undefined-behaviour sanitizers
	+@TEST_LIMIT_S=$${TEST_LIMIT_S:-900} $(MAKE) test BUILD=build-sanitize CFLAGS='-O1 -g' ARCH= \
	  EXTRA='-Werror -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'

# Teams of OpenMP under all schedules, and hand-off and transports between
# threads: processes are nothing that the sanitizer sees into.
.PHONY: tsan tsan-programs
TSAN_TESTS := test_threads test_records test_stats
TSAN       := $(patsubst %,$(BUILD)/bench/tests/tsan/%,racy teams observed)
tsan: deps-tsan ## races between threads, by clang's thread sanitizer: OpenMP, hand-off, transports
	+@$(MAKE) -s $(ALL_CPUS) CC=clang BUILD=$(BUILD)-tsan CFLAGS='-O1 -g' ARCH= EXTRA='-Werror -fsanitize=thread' tsan-programs
	@BUILD='$(BUILD)-tsan' sh scripts/tsan.sh $(TSAN_TESTS)
tsan-programs: $(TSAN) $(TSAN_TESTS:%=$(BUILD)/bench/tests/%)

format: ## clang-format every C file in place
	clang-format -i $$(sh scripts/sources.sh '*.c' '*.h')

clean: ## remove what was built
	rm -rf $(BUILD)

help: ## this list
	@awk -f scripts/help.awk Makefile

# What is missing is installed, or named; silent when all is there.
.PHONY: deps-build deps-bench deps-test deps-lint deps-fuzz deps-tsan deps-aarch64 deps-count deps-programs deps-observe deps-browser
deps-build deps-bench deps-test deps-lint deps-fuzz deps-tsan deps-aarch64 deps-count deps-programs deps-observe deps-browser: deps-%: | $(BUILD)
	@CC=$(call quoted,$(CC)) sh scripts/deps.sh --stamp $(BUILD)/deps $*

$(BUILD):
	@mkdir -p $@

# Written only when it differs, so that nothing rebuilds needlessly.
define REGISTRY
	@mkdir -p $(@D)
	@sh scripts/registry.sh $(KERNEL_SOURCES) $(EXTRA_KERNELS) $(1) -- $(VARIANT_SOURCES) -- $(TRANSPORT_SOURCES) >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
endef
$(BUILD)/registry.c: FORCE | $(BUILD)
	$(call REGISTRY)

# Everything is rebuilt when the compiler or its flags change; a new revision
# changes one file only.  Whatever links kernels links the registry, and so is
# linked anew with other libraries.
note = @printf '%s\n' $(call quoted,$(1)) | cmp -s - $@ || printf '%s\n' $(call quoted,$(1)) >$@
$(BUILD)/flags: FORCE | $(BUILD) deps-build
	$(call note,$(CC) $(FLAGS))
$(BUILD)/libraries: FORCE | $(BUILD)
	$(call note,$(LDFLAGS) $(LDLIBS))
$(BUILD)/revision: FORCE | $(BUILD)
	$(call note,$(REVISION))

c_string = "$(subst ",\",$(subst \,\\,$(1)))"
RECORDED = $(strip $(CPPFLAGS) $(CFLAGS) $(MARCH) $(EXTRA) $(LDFLAGS))
DEFINES  = -DCORESWEEP_VERSION='"$(VERSION)"'
$(BUILD)/bench/record/build.o: DEFINES += -DCORESWEEP_FLAGS=$(call quoted,$(call c_string,$(RECORDED))) -DCORESWEEP_REVISION='"$(REVISION)"'
$(BUILD)/bench/record/build.o: $(BUILD)/revision $(BUILD)/libraries

# One short line a command; V=1 shows all of it, make -s nothing.  What ends with
# an answer shows a counter on a terminal alone, which its next line overwrites.
WHOLE := $(filter-out 0,$(V))
QUIET := $(if $(WHOLE),,@)
ANSWERS := $(filter bench compare overheads probe,$(MAKECMDGOALS))
count_up = $(eval BUILT += 1)$(words $(BUILT))
COUNT = [ ! -t 1 ] || printf $(if $(filter $(BUILD)/coresweep,$@),'\033[K','  compiling: file %s\033[K\r' $(count_up)); :
SAY   = @$(if $(WHOLE)$(findstring s,$(firstword -$(MAKEFLAGS))),:,$(if $(ANSWERS),$(COUNT),echo))
COMPILE = $(QUIET)$(CC) $(FLAGS) $(WARNINGS) $(DEFINES) -I. -MMD -MP -c
$(BUILD)/registry.o: $(BUILD)/registry.c $(BUILD)/flags $(BUILD)/libraries | deps-build
	$(SAY) '  CC    $@'
	$(COMPILE) -o $@ $<
$(BUILD)/%.o: %.c $(BUILD)/flags | deps-build
	@mkdir -p $(@D)
	$(SAY) '  CC    $<'
	$(COMPILE) -o $@ $<

# Kernels of a user's own include "kernel.h" as those in kernels/ do.
$(BUILD)/extra/%.o: /%.c $(BUILD)/flags | deps-build
	@mkdir -p $(@D)
	$(SAY) '  CC    $<'
	$(COMPILE) -Ikernels -o $@ $<

# What is put in front of somebody else's program: needs nothing of this one, and
# no sanitizer's library, which would have to come before it; and walks stacks by
# code of its own, not by a library that it would bring into the program.
OBSERVER := $(patsubst bench/observe/library/%.c,$(BUILD)/observer/%.o,$(sort $(wildcard bench/observe/library/*.c)))
OBSERVER_FLAGS = -std=c17 -D_GNU_SOURCE $(CPPFLAGS) $(filter-out -fsanitize% -fno-sanitize%,$(CFLAGS) $(EXTRA)) $(MARCH) \
  -fPIC -fvisibility=hidden -fexceptions
$(BUILD)/observer/%.o: bench/observe/library/%.c $(BUILD)/flags | deps-build
	@mkdir -p $(@D)
	$(SAY) '  CC    $<'
	$(QUIET)$(CC) $(OBSERVER_FLAGS) $(WARNINGS) -MMD -MP -I. -c -o $@ $<
$(BUILD)/coresweep-observe.so: $(OBSERVER) $(BUILD)/flags
	$(SAY) '  LINK  $@'
	$(QUIET)$(CC) $(OBSERVER_FLAGS) -shared -static-libgcc -Wl,-z,defs,--exclude-libs,ALL -o $@ $(filter %.o,$^) -ldl

LINK = $(QUIET)$(CC) $(FLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) -lhwloc -ljansson -ldl -lm $(LDLIBS)
$(BUILD)/coresweep: $(BUILD)/bench/main.o $(LIBRARY_OBJECTS)
	$(SAY) '  LINK  $@'
	$(LINK)
$(BUILD)/bench/tests/test_%: $(BUILD)/bench/tests/test_%.o $(TEST_HELPERS) $(LIBRARY_OBJECTS)
	$(SAY) '  LINK  $@'
	$(LINK) -lcmocka -lz
$(BUILD)/bench/tests/test_fuzz: $(FUZZ_OBJECTS)
# What the observer keeps of teams, as any program can have it.
OBSERVER_CORE := $(patsubst %,$(BUILD)/bench/observe/library/%.o,team sums file module callers)
$(BUILD)/bench/tests/test_observe_team: $(OBSERVER_CORE)
$(BUILD)/bench/tests/tsan/observed: $(OBSERVER_CORE) $(BUILD)/bench/observe/library/clock.o
$(FUZZER): $(FUZZER).o $(FUZZ_OBJECTS) $(LIBRARY_OBJECTS)
	$(SAY) '  LINK  $@'
	$(LINK) -fsanitize=fuzzer
$(TSAN): %: %.o $(LIBRARY_OBJECTS)
	$(SAY) '  LINK  $@'
	$(LINK)
$(PERF): %: %.o $(PERF_OBJECTS) $(LIBRARY_OBJECTS)
	$(SAY) '  LINK  $@'
	$(LINK) $(if $(filter %/zlib_rate,$@),-lcmocka -lz)
$(BUILD)/bench/tests/old_new/old_new: $(BUILD)/bench/tests/old_new/old_new.o
	$(SAY) '  LINK  $@'
	$(LINK)
$(BUILD)/bench/tests/programs/known: $(BUILD)/bench/tests/programs/known.o
	$(SAY) '  LINK  $@'
	$(LINK) -lpthread
$(filter-out %.o,$(OBSERVED)): %: %.o $(BUILD)/bench/observe/observed_read.o
	$(SAY) '  LINK  $@'
	$(LINK)
$(TESTS:%=$(BUILD)/bench/tests/%.o) $(TEST_HELPERS) $(BUILD)/bench/tests/perf/zlib_rate.o: | deps-test

-include $(wildcard $(BUILD)/*.d $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/*/*/*/*.d) $(EXTRA_OBJECTS:.o=.d)

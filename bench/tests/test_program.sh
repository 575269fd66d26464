#!/bin/sh
# Somebody else's programs: swept as they are, checked, ended as a whole.
# usage: test_program.sh    ($CORESWEEP: the program, $BUILD: the folder that
#                            `make tests` built)
# shellcheck disable=SC2016 # what a program is told is for its own sh
set -eu
known=$(realpath "${BUILD:-build}/bench/tests/programs/known")
. bench/tests/fixture.sh
out=$tmp/run
swept=0

# sweep STATUS OPTION...: a sweep of two rounds into a folder of its own, $out.
sweep() {
  status=$1
  shift
  swept=$((swept + 1))
  out=$tmp/run$swept
  run "$status" sweep --workers 1,2 --oversubscribe --rounds 2 --warmup 0 --observe no --out "$out" "$@"
}

# says WORDS: on stderr, all of it.
says() {
  same 'stderr' "coresweep sweep: $1" "$(cat "$tmp/err")"
}

# tells WORDS: somewhere on stdout.
tells() {
  grep -qF -- "$1" "$tmp/out" || fail "'$1' expected on stdout: $(cat "$tmp/out")"
}

# of KEY LINE: what that record has.
of() {
  sed -n "$2s/.*\"$1\":\"\{0,1\}\([^\",]*\).*/\1/p" "$out/trials.jsonl"
}

sweep 0 --report --check output -- "$known" wait '{workers}' 0 20
same 'records' 6 "$(wc -l <"$out/trials.jsonl")"
same 'the first is of one worker' '1 serial warmup' "$(of workers 1) $(of variant 1) $(of phase 1)"
same 'the second of the most' '2 program warmup' "$(of workers 2) $(of variant 2) $(of phase 2)"
tells 'known: one worker '
tells 'by one run each.'
tells 'Worth it (efficiency of at least 70.0%)?'
for n in 1 2 3 4 5 6; do
  w=$(of workers "$n")
  grep -q "OMP_NUM_THREADS=$w .*GOMAXPROCS=$w .*known wait $w 0 20" "$out/trials.jsonl" ||
    fail "record $n: the variables and the command with $w"
  awk -v wall="$(of wall_s "$n")" -v least="$w" 'BEGIN { exit !(wall >= 0.020 / least) }' ||
    fail "record $n: at least 20 ms over $w workers, got $(of wall_s "$n")"
done
for chart in overview known-program; do
  [ -s "$out/charts/$chart.svg" ] || fail "a chart $chart"
done
grep -q '>known: ' "$out/charts/known-program.svg" || fail 'its name in the title'
run 0 report "$out"
tells 'known: '
run 0 report --full "$out"
grep -q '^known  *baseline' "$tmp/out" || fail 'a table of the program expected'
echo 'ok a program is swept, and its answer shown, also from its folder'

run 0 -- "$known" wait '{workers}' 0 1 </dev/null
folder=$(sed -n 's/.* trials in .*, in \(.*\)\.$/\1/p' "$tmp/out")
tells 'Worth it'
rm -rf "$folder"
run 0 --shell --rounds 1 --workers 1 -- 'echo 1 | cat' </dev/null
folder=$(sed -n 's/.* trials in .*, in \(.*\)\.$/\1/p' "$tmp/out")
[ -s "$folder/report.html" ] || fail 'a page, as --report writes'
rm -rf "$folder"
echo 'ok coresweep [OPTION...] -- CMD is sweep --report [OPTION...] -- CMD'
run 0 sweep --report --rounds 1 --workers 1 --out 'a b;c' -- true </dev/null
tells "report --full 'a b;c'"
rm -rf 'a b;c'
echo 'ok commands that are printed can be pasted'

# It uses one CPU, as its records say: told after the first pair, and what to type.
# listens CPU_S WORDS COMMAND...: after its time of 1 s.
listens() {
  cpu_s=$1 words=$2
  shift 2
  sweep 0 --warmup 0 -- "$@"
  sed -i "s/\"\(program\|wall\)_s\":[^,]*/\"\1_s\":1.0/g; s/\"cpu_s\":[^,]*/\"cpu_s\":$cpu_s/" "$out/trials.jsonl"
  COLUMNS=120 run 0 sweep --resume "$out"
  same 'what it uses' "$words" "$(sed -n 's/^  It used //p' "$tmp/out")"
}
listens 1.0 'one CPU with 2 workers, too: if the number of workers is an option of its own, write it as in -j{workers}.' true
listens 1.0 'one CPU with 2 workers, too.' true '{workers}'
listens 0.5 '' true
listens 1.5 '' true
# Of a busy machine nothing: others may have had the other CPU.
sweep 0 --warmup 0 -- true
sed -i 's/"\(program\|wall\)_s":[^,]*/"\1_s":1.0/g; s/"cpu_s":[^,]*/"cpu_s":1.0/' "$out/trials.jsonl"
tr -d '\n' <"$out/environment.json" | sed '
  s/\("look_s":\) *[^,]*/\1 1/; s/\("look_cpus":\) *\("[^"]*"\|null\)/\1 "0,1"/
  s/\("look_shares":\) *\(\[[^]]*\]\|null\)/\1 [1, 1]/
  s/\("look_steal_share":\) *[^,]*/\1 1/' >"$tmp/busy.json"
cp "$tmp/busy.json" "$out/environment.json"
COLUMNS=120 run 0 sweep --resume "$out"
tells '0 of '
same 'on a busy machine' '' "$(sed -n 's/^  It used //p' "$tmp/out")"
echo 'ok a program that does not listen is told of after the first pair'

# ---- what it is told

sweep 0 --env 'HOW={workers}x' -L 'opt=a,b' --check 'grep -qx "[ab] [12]x [12] arg{other}"' \
  -- sh -c 'echo {opt} $HOW $OMP_NUM_THREADS "$1"' sh 'arg{other}'
same 'programs' 'sh/opt=a sh/opt=b' "$(sed -n 's/.*"workload":"\([^"]*\)".*/\1/p' "$out/trials.jsonl" | sort -u | xargs)"
sweep 0 --check output --reference own --program 'old=echo  "a b"' --program "new=sh -c 'echo c'"
same 'programs' 'new old' "$(sed -n 's/.*"workload":"\([^"]*\)".*/\1/p' "$out/trials.jsonl" | sort -u | xargs)"
! grep -q '"workload":"echo"' "$out/trials.jsonl" || fail 'no other name'
echo 'a b' | cmp -s - "$out/outputs/1-1.out" || fail 'the words of --program'
echo text >"$tmp/in"
sweep 0 --program "/bin/echo x=1"
same 'called as its file is' echo "$(of workload 1)"
sweep 0 --stdin "$tmp/in" --check 'grep -qx text' -- cat
sweep 0 --check 'test $(wc -c) = 0' -- cat
sweep 0 --prepare "echo x >>'$tmp/prepared'; echo noise" --check output -- echo a
same 'prepared as often as run' 6 "$(wc -l <"$tmp/prepared")"
sweep 0 --shell --check 'grep -qx a' -- 'echo a b | cut -d" " -f1'
run 0 sweep --workers 1 --rounds 1 --shell --check output --serial 'echo one | tr o O' --out "$tmp/line" -- 'echo One'
same 'a serial line for sh' One "$(cat "$tmp/line/outputs/1-1.out")"
sweep 0 --serial 'echo one' --check exit -- echo many
same 'variants' 'program serial' "$(sed -n 's/.*"variant":"\([^"]*\)".*/\1/p' "$out/trials.jsonl" | sort -u | xargs)"
same 'one worker of the parallel one, too' 2 "$(grep -c '"variant":"program","requested":"program","workers":1,' "$out/trials.jsonl")"
sweep 0 --sizes 10 --scaling weak --check 'read n && test "$n" = 10 -o "$n" = 20' -- echo '{size}'
same 'weak sizes' '10 20' "$(sed -n 's/.*"size":\([0-9]*\),.*/\1/p' "$out/trials.jsonl" | sort -nu | xargs)"
sweep 0 --time 'took ([0-9.]+)' -- echo 'took 0.25{workers} s'
same 'its own time' '0.251 0.252' "$(sed -n 's/.*"region_s":\([0-9.]*\),.*/\1/p' "$out/trials.jsonl" | sort -u | xargs)"
run 0 sweep --dry-run --workers 1,2 --oversubscribe -- echo "it's" -j'{workers}'
tells "echo, program, 2 workers: echo 'it'\\''s' -j2"
run 0 sweep --dry-run --workers 1,2 --oversubscribe --copies -- echo '{workers}'
tells 'echo, copies, 2 workers: echo 1'
same 'warm-ups' 3 "$(run 0 sweep --workers 1,2 --oversubscribe --rounds 1 --warmup 3 --out "$tmp/warm" -- true && grep -c '"phase":"warmup".*"workers":2,' "$tmp/warm/trials.jsonl")"
sweep 0 --stdin "$tmp/in" --copies --check 'grep -qx text' -- cat
sweep 0 --prepare 'echo {workers} >>'"'$tmp/told'" -- true
same 'what --prepare is told' '1 2' "$(sort -u "$tmp/told" | xargs)"
echo 'ok placeholders, parameters, environment, stdin, prepare, shell, serial, size, time'

# ---- CPUs

cpus=$(env -u OMP_NUM_THREADS nproc)
[ "$cpus" = 1 ] || sweep 0 -- sh -c "test \$(env -u OMP_NUM_THREADS nproc) = {workers}"
sweep 0 --no-confine -- sh -c "test \$(env -u OMP_NUM_THREADS nproc) = $cpus"
printf '#!/bin/sh\ntest $(env -u OMP_NUM_THREADS nproc) = %s\n' "$cpus" >"$tmp/mpirun"
chmod +x "$tmp/mpirun"
sweep 0 -- "$tmp/mpirun"
echo 'ok a program has the CPUs of its workers, a launcher all'

# ---- what is no run

sweep 2 -- "$tmp/nothere" '{workers}'
says "no command '$tmp/nothere': no such file"
sweep 2 -- nothere-in-path
says "no command 'nothere-in-path' in PATH"
run 2 ./prog 4
grep -qx "coresweep: no command './prog'; a program of your own stands after --, as in coresweep -- ./prog {workers}" "$tmp/err" || fail 'a program without --'
run 2 sweep ./prog
grep -q "unexpected argument './prog'; a program's command stands after --" "$tmp/err" || fail 'a program without --'
(cd "$tmp" && cp in prog-here && run 2 sweep -- prog-here)
says "no command 'prog-here' in PATH; the one in this folder is called with ./ before it"
sweep 2 -- 'echo a | cat'
says "no command 'echo a | cat' in PATH; a line for sh needs --shell"
sweep 2 -- "$tmp"
says "$tmp is a folder, no command"
sweep 2 -- "$tmp/in"
says "$tmp/in cannot be executed: Permission denied (chmod +x $tmp/in?)"
printf '#!/no/such/python\n' >"$tmp/script"
chmod +x "$tmp/script"
sweep 2 -- "$tmp/script"
says "$tmp/script: its first line names '/no/such/python', which cannot be run; install it, or name another one there"
sweep 2 --check numbers:2 -- echo
for wrong in 2 '' -1 x '1e-6,' ',1' 1e-6,-1 1e-6,inf 1e-6x 1,1; do
  sweep 2 --check "numbers:$wrong" -- echo
  says "--check numbers:$wrong: want a share from 0 to below 1, and after a comma what numbers near zero may differ by, as in numbers:1e-6 or numbers:1e-6,1e-12"
done
printf '#!/usr/bin/env no-such-python\n' >"$tmp/script"
sweep 2 --program a=true --program "b='$tmp/script'"
says "$tmp/script: its first line names 'no-such-python', which cannot be run; install it, or name another one there"
printf '#!/usr/bin/env -S A=b sh\necho\n' >"$tmp/script"
sweep 0 -- "$tmp/script"
printf '#!/bin/sh\r\n' >"$tmp/script"
sweep 2 -- "$tmp/script"
says "$tmp/script: its first line ends in a carriage return, as on Windows, and so cannot be run; take those away, as sed -i 's/\\r\$//' does"
echo 'print(1)' >"$tmp/script.py"
echo echo >"$tmp/script.sh"
chmod +x "$tmp/script.py" "$tmp/script.sh"
sweep 2 -- "$tmp/script.py"
says "$tmp/script.py: no first line says what reads it, as #!/usr/bin/env python3 does; put one there, or write it in front, as in -- python3 $tmp/script.py"
sweep 0 -- "$tmp/script.sh"
sweep 2 -- echo -T'{threads}'
says 'echo: {threads} stands for nothing; the number of workers is {workers}'
sweep 0 -L threads=1,2 -- echo -T'{threads}'
sweep 2 --reference own -- echo
says '--reference own: want --check output or numbers, which compare outputs'
sweep 2 --check output --scaling weak --sizes 1 -- echo '{size}'
sweep 2 --sizes 1,2 -- echo
says '--sizes: there is no {size} in echo'
sweep 2 --sizes 1,2 --scaling weak -- echo '{size}'
sweep 2 -- echo '{size}'
says 'echo: {size} stands for nothing; want --sizes N'
sweep 2 -L opt=a,b -- echo
says '-L opt: there is no {opt} in the command'
sweep 2 -L opt=a, -- echo '{opt}'
sweep 2 -L opt=a -L opt=b -- echo '{opt}'
sweep 2 --shell -- echo a
mkfifo "$tmp/fifo"
sweep 2 --stdin "$tmp/fifo" -- cat
says "--stdin $tmp/fifo: want a file, which every run can read from its beginning"
sweep 2 --time '(' -- echo
sweep 2 --program new=
says "--program 'new=': want a command, as in --program 'new=./new {workers}'"
sweep 2 --program 'a=echo' --program 'a=cat'
says "two programs are called 'a'; give them names, as in --program 'new=./prog'"
sweep 2 --stdin "$tmp/nothere" -- cat
says "--stdin $tmp/nothere: No such file or directory"
sweep 2 --env 'A B=c' -- echo
OMP_PROC_BIND=true sweep 2 -- echo
says 'OMP_PROC_BIND=true is set: it binds the process before coresweep can; unset it, and use --bind or --cpus (for a program of your own: --env)'
sweep 2 -L 'workers=1,2' -- echo
sweep 2 --worth 'speed>2' -- echo
same 'no folder of a run that never began' '' "$(ls -d "$out" 2>/dev/null)"
echo 'ok what cannot be run is told before anything runs'

# no_run WORDS OPTION...: the first run is none, for that reason.
no_run() {
  words=$1
  shift
  sweep 1 "$@"
  grep -qF -- "$words" "$tmp/err" || fail "'$words' expected on stderr"
  same 'its record' "$(tail -n 1 "$out/trials.jsonl" | grep -c '"status":"ok"')" 0
  same 'lines on stderr' 1 "$(wc -l <"$tmp/err")"
  none_left "$words"
}
no_run 'it ended with status 3, saying: no such luck' -- sh -c 'echo no such luck >&2; exit 3'
no_run 'it was killed by signal 11 (Segmentation fault)' -- sh -c 'kill -SEGV $$'
no_run 'it was killed by signal 9 (Killed): out of memory?' -- sh -c 'kill -KILL $$'
no_run 'it took longer than 0.2 s (--timeout), and was ended' --timeout 0.2s -- sh -c 'trap "" TERM; sleep 60; sleep 60'
no_run 'it took longer than 0.2 s (--timeout), and was ended' --timeout 0.2s -- sh -c 'setsid sleep 60 & sleep 60'
no_run 'it printed over 256 MiB, and was ended' -- yes
no_run 'it left processes behind, which were ended' -- sh -c 'sleep 60 & echo'
no_run 'it left processes behind, which were ended' -- sh -c 'setsid sleep 60 >/dev/null & sleep 0.1'
no_run 'it was stopped by signal 19' -- sh -c 'kill -STOP $$'
no_run "its output (4 bytes) differs from that of one worker (4 bytes), first in line 1: 'w=2' instead of 'w=1'" --check output -- echo 'w={workers}'
no_run "'1.002' instead of '1.001'" --check numbers:1e-6 -- echo '1.00{workers}'
no_run "--check's command ended with status 1, saying: bad" --check 'echo bad >&2; false' -- echo
no_run '--prepare ended with status 7' --prepare 'exit 7' -- echo
no_run "--time 'took ([0-9]+)' finds no number of seconds in what it prints" --time 'took ([0-9]+)' -- echo
no_run 'what watches over the program was killed' -- sh -c 'kill -KILL $PPID; sleep 61.7'
command_runs "$0" || fail 'this test itself is one that runs'
! command_runs 'sleep 61.7' || fail 'nothing is left when what watches over it was killed'
sweep 0 --check numbers:1e-2 -- echo '1.00{workers}'
sweep 0 --check numbers:0,1e-9 -- echo '{workers}e-10'
no_run "first in line 1: '2e-10' instead of '1e-10'; near zero, --check numbers:1e-09,1e-10 takes them as alike" --check numbers -- echo '{workers}e-10'
# Another program has to print what the first does, whatever its own is.
no_run "new, serial, 1 worker: its output (2 bytes) differs from that of old with one worker (2 bytes), first in line 1: 'b' instead of 'a'" --check output --program 'old=echo a' --program 'new=echo b'
no_run "many, 2 workers: its output (2 bytes) differs from that of the serial program (--serial) (4 bytes), first in line 1: '2' instead of 'one'" --check output --serial 'echo one' --program 'many=echo {workers}'
sweep 0 --check numbers:1e-2 --program 'old=echo 1.00{workers}' --program 'new=echo 1.001'
same 'the first one'"'"'s alone' 1-1.out "$(ls "$out/outputs")"
# Another parameter is another job; of the same one they are compared.
sweep 0 --check output -L 'x=a,b' --program 'old=echo {x}' --program "new=printf '%s\\n' {x}"
same 'one of each parameter' 2 "$(find "$out/outputs" -name '[12]-1.out' | wc -l)"
no_run "new/x=b, serial, 1 worker: its output (2 bytes) differs from that of old/x=b with one worker" --check output -L 'x=a,b' --program 'old=echo {x}' --program "new=echo {x} | tr b c" --shell
sweep 0 --copies --check output -- echo same
same 'copies' 2 "$(grep -c '"variant":"copies","requested":"copies","workers":2,' "$out/trials.jsonl")"
# Each copy says which CPU it may use first: the second another one.
if [ "$cpus" != 1 ]; then
  # The second copy alone prints too much.
  "$coresweep" sweep --workers 1 --rounds 1 --check output --out "$tmp/first" -- sh -c 'grep Cpus_allowed_list /proc/self/status' >/dev/null
  sweep 1 --copies -- sh -c 'case {workers} in 1) grep -qxFf "$0" /proc/self/status || { head -c 300M /dev/zero; sleep 1; } ;; esac' "$tmp/first/outputs/1-1.out"
  grep -q 'printed over 256 MiB' "$out/trials.jsonl" || fail 'a copy that floods'
  sweep 1 --copies --check output -- sh -c 'grep Cpus_allowed_list /proc/self/status | sed "s/[-,].*//"'
  same 'copies that are wrong' '2 2' "$(grep -c '"status":"wrong"' "$out/trials.jsonl") $(grep '"status":"wrong"' "$out/trials.jsonl" | grep -c '"variant":"copies"')"
fi
echo 'ok a run that fails has no time, and says why; nothing is left'

# A record holds 60000 bytes of a command, whole characters, and says that there
# was more; it can be read again.  (The word with an ä stands in quotes.)
sweep 0 -- true ä
typed=$(of params 1)
bytes=$(($(printf %s "$typed" | wc -c) - 2))
# long BYTES: of the line that is typed; its last characters have two each.
long() {
  zeros=$(head -c $(($1 - bytes - 20)) /dev/zero | tr '\0' 0)
  sweep 0 -- true "${zeros}ääääääääää"
  of params 1 >"$tmp/params"
  run 0 analyze "$out"
}
long 60000
same 'a command that just fits' 60000 "$(tr -d '\n' <"$tmp/params" | wc -c)"
for length in 60001 60002 60003; do
  long "$length"
  same "a command of $length bytes" "$((60003 - (length - 60001) % 2))" "$(tr -d '\n' <"$tmp/params" | wc -c)"
  grep -q 'ä\.\.\.$' "$tmp/params" || fail "a command of $length bytes: whole characters and ... expected"
done
echo 'ok a command that is too long for a record is cut'

# ---- interrupted, killed, gone on with

pid=
begin() {
  out=$tmp/begun$1
  "$coresweep" sweep --workers 1,2 --oversubscribe --rounds 3 --out "$out" \
    -- "$known" wait '{workers}' 0 300 >"$tmp/out" 2>"$tmp/err" &
  pid=$!
  eventually grep -qs '"phase":"round"' "$out/trials.jsonl" || fail 'a round'
}
known_runs() {
  command_runs "$known wait"
}
known_is_gone() {
  ! known_runs
}
begin 1
kill -INT "$pid"
status=0
wait "$pid" || status=$?
same 'interrupted' 130 "$status"
eventually known_is_gone || fail 'nothing left after an interruption'
tells "Interrupted; what was measured is kept in $out"
run 2 sweep --resume "$out" -- "$known" wait '{workers}' 0 300
says '--resume: a run is gone on with as it was begun; no command can be given beside it'
run 0 sweep --resume "$out" --report
tells 'trials were missing'
same 'all of it' 6 "$(grep -c '"phase":"round"' "$out/trials.jsonl")"
tells 'known: '
begin 2
kill -KILL "$pid"
wait "$pid" 2>/dev/null || :
eventually known_is_gone || fail 'nothing left after SIGKILL'
run 0 sweep --resume "$out"
same 'all of it' 6 "$(grep -c '"phase":"round"' "$out/trials.jsonl")"
echo 'ok interrupted or killed, it leaves nothing, and goes on'

# ---- as many rounds as a width asks for

run 2 sweep --target-width 5% --rounds 3 -- true
says '--rounds and --target-width: the number of rounds follows from either, not from both'
run 2 sweep --target-width 5% --workers 1 -- true
says '--target-width with one worker alone: there is no speedup; want --workers 1,N'
run 2 sweep --target-width 5 -- true
run 0 sweep --workers 1,2 --oversubscribe --copies --target-width 99% --warmup 0 --observe no --out "$tmp/base" -- true
decided=$(sed -n 's/^\([0-9]*\) rounds: after 9 rounds the widest interval was .* (true, program, 2 workers), and ±99% was asked for.*/\1/p' "$tmp/out")
same 'rounds' "$((3 * decided))" "$(grep -c '"phase":"round"' "$tmp/base/trials.jsonl")"
# Rounds whose intervals are known: the baseline takes 1 s, two workers 0.5 s in
# odd and 0.6 s in even rounds: 2 from 1.667 to 2; copies anything.
mkdir "$tmp/wide"
cp "$tmp/base/environment.json" "$tmp/wide"
sed -e 's/"stage": "done"/"stage": "rounds"/' -e 's/"99%"/"6%"/' "$tmp/base/plan.json" >"$tmp/wide/plan.json"
awk '{ round = $0; sub(/.*"round":/, "", round); round += 0 }
     round > 9 { next }
     { s = /"variant":"serial"/ ? "1.0" : /"variant":"copies"/ ? round : round % 2 ? "0.5" : "0.6"
       sub(/"program_s":[^,]*/, "\"program_s\":" s)
       sub(/"wall_s":[^,]*/, "\"wall_s\":" s)
       print }' "$tmp/base/trials.jsonl" >"$tmp/wide/trials.jsonl"
run 0 sweep --resume "$tmp/wide"
tells '20 rounds: after 9 rounds the widest interval was ±8.33% of its speedup (true, program, 2 workers), and ±6% was asked for.'
same 'rounds for 6%' 60 "$(grep -c '"phase":"round"' "$tmp/wide/trials.jsonl")"
# Killed after that: no other is decided, whatever the widths are by then.
grep -v '"round":1[7-9],\|"round":20,' "$tmp/wide/trials.jsonl" >"$tmp/killed"
mv "$tmp/killed" "$tmp/wide/trials.jsonl"
sed -i 's/"stage": "done"/"stage": "rounds"/' "$tmp/wide/plan.json"
run 0 sweep --resume "$tmp/wide"
tells '20 rounds: after 9 rounds the widest interval was ±8.33%'
tells '12 of 62 trials were missing.'
same 'rounds for 6%, again' 60 "$(grep -c '"phase":"round"' "$tmp/wide/trials.jsonl")"
echo 'ok the number of rounds follows from a width, as for kernels'

# ---- gone on with after a failure

printf '#!/bin/sh\necho x >>%s/runs\ntest "$(wc -l <%s/runs)" != 5\n' "$tmp" "$tmp" >"$tmp/fails"
chmod +x "$tmp/fails"
sweep 1 -- "$tmp/fails"
grep -q 'it ended with status 1; `sweep --resume DIR --retry` measures other rounds' "$tmp/err" || fail 'what to do about it'
run 2 sweep --retry -- true
says '--retry: want --resume DIR, the run whose failed trials are to be made up for'
run 1 sweep --resume "$out"
tells '0 of 6 trials were missing; 1 that had failed stays so.'
run 0 sweep --resume "$out" --retry --report
tells '2 of 8 trials were missing; 1 had failed, and other rounds stand in for theirs.'
tells 'medians of 2 rounds'
same 'what failed stays' 1 "$(grep -c '"status":"failed"' "$out/trials.jsonl")"
echo '# mended' >>"$tmp/fails"
run 2 sweep --resume "$out" --retry
grep -q "command_files differs: '$tmp/fails [0-9a-f]*' in plan.json" "$tmp/err" || fail 'a program that was changed'
echo 'ok what failed stays so, or is made up for; a program that was changed is another one'

# ---- times from elsewhere

# elsewhere STATUS FILE: a report of them, into a folder of its own.
elsewhere() {
  swept=$((swept + 1))
  out=$tmp/run$swept
  run "$1" report --times "$2" --out "$out"
}
{
  echo seconds,workers,name
  for i in 1 2 3 4 5 6; do
    printf '8.0%s,1,a\n2.50%s,4,a\n2.51%s,8,a\n1,1,"b, c"\n1,2,"b, c"\n' $i $i $i
  done
} >"$tmp/times.csv"
elsewhere 0 "$tmp/times.csv"
tells 'a: 4 workers: 3.2'
tells 'these times were not measured by coresweep'
grep -q '^b, c,program,program,program,b' "$out/speedups.csv" || grep -q '"b, c"' "$out/speedups.csv" || fail 'a name with a comma'
grep -q '>a: ' "$out/charts/a-program.svg" || fail 'its name in the title'
grep -q 'times from elsewhere' "$out/charts/a-program.svg" || fail 'a label'
cat >"$tmp/hyperfine.json" <<X
{"results": [{"command": "/usr/bin/xz -T1 -9 data", "times": [4.0, 4.1], "parameters": {"threads": "1", "level": "9"}},
             {"command": "/usr/bin/xz -T2 -9 data", "times": [2.0, 2.05], "parameters": {"threads": "2", "level": "9"}}]}
X
elsewhere 0 "$tmp/hyperfine.json"
tells 'xz/level=9: too few rounds to tell: 2 workers: 2.00×'
cp "$out/speedups.csv" "$tmp/speedups.csv"
# Of the same runs by hyperfine 2.
second() {
  printf '"measurements": [{"time_wall_clock": {"value": %s, "unit": "second"}, "exit_code": %s},
    {"time_wall_clock": {"value": %s, "unit": "second"}, "exit_code": 0}]' "$1" "$3" "$2"
}
two() {
  cat <<X
{"schema_version": 2, "results": [
 {"command": "sh run.sh", "name": "/usr/bin/xz", $(second 4.0 4.1 0), "parameters": {"threads": {"value": "1"}, "level": {"value": "9"}}},
 {"command": "/usr/bin/xz -T2 -9 data", $(second 2.0 2.05 "$1"), "parameters": {"threads": {"value": "2"}, "level": {"value": "9"}}}]}
X
}
two 0 >"$tmp/hyperfine.json"
elsewhere 0 "$tmp/hyperfine.json"
cmp -s "$out/speedups.csv" "$tmp/speedups.csv" || fail "what hyperfine 2 exports is read as hyperfine 1's"
refused() {
  printf '%b' "$2" >"$tmp/bad"
  elsewhere 2 "$tmp/bad"
  same 'stderr' "coresweep report: $tmp/bad$1" "$(cat "$tmp/err")"
}
refused ", line 3: seconds 'x': want a number above 0 and below 1e9" 'workers,seconds\n1,2\n2,x\n'
refused ", line 2: seconds '-1': want a number above 0 and below 1e9" 'workers,seconds\n1,-1\n'
refused ", line 2: seconds ' 1': want a number above 0 and below 1e9" 'workers,seconds\n1, 1\n'
refused ", line 2: seconds '+1': want a number above 0 and below 1e9" 'workers,seconds\n1,+1\n'
refused ", line 2: seconds '0x1p3': want a number above 0 and below 1e9" 'workers,seconds\n1,0x1p3\n'
refused ", line 2: workers '0': want a whole number from 1" 'workers,seconds\n0,1\n'
refused ", line 3: run '1': want each run of a worker count once" 'workers,seconds,run\n1,1,1\n1,2,1\n'
refused ': program has no time with 1 worker, which the others are compared with' 'workers,seconds\n2,1\n'
refused ': want a first line workers,seconds, with run and name where there are several' 'seconds\n1\n'
refused ", line 1: 'time' is none of the columns workers, seconds, run, name, or there twice" 'workers,time\n1,1\n'
refused ': no times' 'workers,seconds\n'
refused ': no results; want what hyperfine --export-json writes' '{}'
refused ", result 1: no parameter says how many workers; want one, as of hyperfine -P threads 1 4 'prog -j{threads}'" '{"results":[{"command":"a","times":[1]}]}'
refused ', result 1: run 2 failed, with exit code 3: its time is none' '{"results":[{"command":"a","times":[1,2],"exit_codes":[0,3],"parameters":{"threads":"1"}}]}'
refused ', result 1: run 1 failed, by a signal: its time is none' '{"results":[{"command":"a","times":[1],"exit_codes":[null],"parameters":{"threads":"1"}}]}'
refused ', result 2: run 1 failed, with exit code 7: its time is none' "$(two 7)"
refused ', result 2: run 1 failed, by a signal: its time is none' "$(two null)"
n='{"results":[{"command":"a","times":[4],"parameters":{"n":"1"}},{"command":"a","times":[2],"parameters":{"n":"2"}}]}'
refused ", result 1: no parameter says by its name how many workers; there is 'n': if that is the number of workers, add --times-workers NAME" "$n"
run 0 report --times "$tmp/bad" --times-workers n --out "$tmp/named"
tells 'a: too few rounds to tell: 2 workers: 2.00×'
tells 'they are paired'
tells 'medians of up to 1 run,'
run 2 report --times "$tmp/bad" --times-workers m --out "$tmp/none"
same 'stderr' "coresweep report: $tmp/bad, result 1: there is no parameter 'm' of --times-workers; there is 'n'" "$(cat "$tmp/err")"
refused ", result 1: 'threads' and 'jobs' may both be the workers; say which is, as in --times-workers threads" \
  '{"results":[{"command":"a","times":[4],"parameters":{"jobs":"1","threads":"1"}}]}'
run 2 report --times-workers n "$out"
printf 'cores,seconds,run\n1,4,1\n2,2,1\n' >"$tmp/cores.csv"
run 0 report --times "$tmp/cores.csv" --times-workers cores --out "$tmp/cores"
! grep -q 'are paired' "$tmp/out" || fail 'runs that are told are in no pairs at random'
grep -q 'median of up to 1 run,' "$tmp/cores/charts/program-program.svg" || fail 'no rounds on its chart'
# In whatever order they are listed.
sort -r "$tmp/times.csv" | sed -n '/^seconds/!p' | { echo seconds,workers,name && cat; } >"$tmp/sorted.csv"
elsewhere 0 "$tmp/times.csv"
cp "$out/speedups.csv" "$tmp/speedups.csv"
elsewhere 0 "$tmp/sorted.csv"
same 'speedups of the same times' "$(sort "$tmp/speedups.csv" | cut -d, -f 1-20)" "$(sort "$out/speedups.csv" | cut -d, -f 1-20)"
run 2 report --times "$tmp/times.csv" --out "$tmp/run1"
run 2 report --times "$tmp/times.csv" "$out"
run 2 report --out "$out" "$out"
echo 'ok times from elsewhere get the same answers, labelled'

# Prints coresweep(1) from the program's tables, which manual.sh gives it.
# usage: awk -f man.awk TABLES
BEGIN { FS = "\t" }

# As roff prints it: no escapes, no requests, and dashes that can be typed.
function plain(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  gsub(/'/, "\\(aq", text)
  gsub(/`/, "\\(ga", text)
  gsub(/"/, "\\(dq", text)
  sub(/^\./, "\\\\\\&.", text)
  return text
}
function section(title) { print ".SH " title }
function text(words) { print plain(words) }
function entry(name, words) {
  print ".TP"
  print ".B " plain(name)
  print plain(words)
}

function begin_page() {
  printf ".TH CORESWEEP 1 \"\" \"coresweep %s\" \"User Commands\"\n", version
  section("NAME")
  print "coresweep \\- what did another core buy me, and where did the rest go?"
  section("SYNOPSIS")
  print ".B coresweep\n.I COMMAND\n[\\fIOPTION\\fR...]\n.br"
  print ".B coresweep \\-\\-\n.I PROGRAM\n[\\fIARGUMENT\\fR...]"
  section("DESCRIPTION")
  text("Runs the same kernels serially, on OpenMP threads and on processes, " \
    "or a program of one's own as it is, with 1, 2, ... workers; checks " \
    "every result; and tells measured speedup, beside what Amdahl's law " \
    "predicted before the measurement, and where the rest of the cores' time " \
    "went.  Begin with `coresweep bench`, or with coresweep -- ./prog " \
    "{workers}, where {workers} stands for how many.")
}

function end_page() {
  section("ENVIRONMENT")
  entry("MACHINE", "What charts call this kind of machine, as in 2-vCPU " \
    "cloud VM.")
  entry("CORESWEEP_SCRIPTS", "The folder of the gnuplot scripts that draw " \
    "charts, where they do not lie beside the program.")
  entry("OMP_WAIT_POLICY", "How threads of OpenMP wait; passive where it " \
    "says nothing.  With OMP_PROC_BIND, OMP_PLACES and the like nothing is " \
    "measured: coresweep binds workers by itself.")
  section("FILES")
  entry("results/", "Runs, a folder each, in the current folder; latest is " \
    "a link to the newest.")
  section("EXIT STATUS")
  entry("0", "All went well.")
  entry("1", "A result was wrong, or a run failed.")
  entry("2", "The command line was wrong.")
  entry("128 + N", "Signal N came.")
  section("SEE ALSO")
  print ".BR hyperfine (1),\n.BR gnuplot (1),\n.BR perf (1)"
}

$1 == "version" { version = $3; begin_page(); section("COMMANDS") }
$1 == "heading" { print ".SS " plain($2) }
$1 == "command" { entry($2, $3) }
$1 == "of" {
  if (!details++)
    section("OPTIONS")
  name = $2
  after = ""
}
$1 == "doc" {
  print ".SS coresweep " plain(name)
  text($2)
}
$1 == "more" { print ".PP"; text($2) }
$1 == "arguments" { print ".PP"; print "Arguments: \\fI" plain($2) "\\fR" }
$1 == "title" { print ".PP"; text($2) }
$1 == "option" {
  dashes = ($3 == "" ? "" : "\\fB\\-" $3 "\\fR, ") "\\fB" plain("--" $2) "\\fR"
  print ".TP"
  print dashes ($4 == "" ? "" : "=\\fI" plain($4) "\\fR")
  print plain($7) "."
}
END { end_page() }

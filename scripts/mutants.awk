# Cuts lists of mutations (bench/tests/mutants/README.md) into a folder each,
# with a file for each line of the entry: name, means, path, room, old, new,
# tests, survives.  What is wrong with a list is said on stderr; exits 1.
# usage: awk -v out=FOLDER -f mutants.awk LIST...

function wrong(text) {
  print FILENAME ":" FNR ": " text >"/dev/stderr"
  failed = 1
}

function rest(line) {
  sub(/^[a-z]+ +/, "", line)
  sub(/ +$/, "", line)
  return line
}

function room_of(path, parts) {
  split(path, parts, "/")
  return parts[1] == "bench" ? parts[2] : parts[1]
}

function put(what, text) {
  printf "%s", text >(folder "/" what)
  close(folder "/" what)
}

function finish() {
  if (name == "") return
  if (means == "" || path == "" || tests == "" || !has_old)
    wrong("mutation " name ": needs means, file, '- ' and tests")
  if (name !~ /^[a-z0-9-]+$/ || name in seen)
    wrong("mutation " name ": not a name, or used before")
  seen[name] = 1
  folder = sprintf("%s/%04d", out, ++count)
  system("mkdir -p " folder)
  put("name", name); put("means", means); put("path", path)
  put("room", room_of(path)); put("old", old); put("new", new)
  put("tests", tests); put("survives", survives)
  name = ""
}

FNR == 1 { finish() }
/^mutation / {
  finish()
  name = rest($0)
  means = path = old = new = tests = survives = ""
  has_old = has_new = 0
  next
}
/^[ \t]*$/ { finish(); next }
name == "" && /^#/ { next }
name == "" { wrong("not in an entry: " $0); next }
/^means / { means = rest($0); next }
/^file / { path = rest($0); next }
/^tests / { tests = rest($0); next }
/^survives / { survives = rest($0); next }
/^-( |$)/ { old = old (has_old++ ? "\n" : "") substr($0, 3); next }
/^[+]( |$)/ { new = new (has_new++ ? "\n" : "") substr($0, 3); next }
{ wrong("neither means, file, '- ', '+ ', tests nor survives: " $0) }
END { finish(); exit failed }

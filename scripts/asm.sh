#!/bin/sh
# Shows the innermost loops of a kernel's run(), as the compiler made them, and
# says whether there are vector instructions in them.
# usage: asm.sh KERNEL OBJECT [KNOWN...]    (`make asm KERNEL=cube`)
#
# An innermost loop: from the target of a backward jump to that jump, with no
# other backward jump in between.  A run() that calls functions that were not
# inlined is shown with those of its own file.  In the object of cube.c the
# function is called cube_run, cube_run_as, run or run_as.
set -eu
kernel=${1:?usage: asm.sh KERNEL OBJECT [KNOWN...]}
object=${2-}
[ -n "$object" ] || {
  shift 2
  echo "asm.sh: no kernel '$kernel'; kernels are: $*" >&2
  exit 2
}
command -v objdump >/dev/null || {
  echo "asm.sh: objdump is missing; install binutils" >&2
  exit 1
}

objdump -d --no-show-raw-insn "$object" | awk -v kernel="$kernel" '
  # What a function of this file calls by name; "<f+0x12>" is inside of f.
  /^[0-9a-f]+ <.*>:$/ {
    name = substr($2, 2, length($2) - 3)
    next
  }
  /^ *[0-9a-f]+:/ {
    address = $1
    sub(":", "", address)
    n = ++count[name]
    text[name, n] = $0
    at[name, n] = address
    index_of[name, address] = n
    if ($2 ~ /^(call|bl)/ && match($0, /<[^+>]+>/))
      called[name, substr($0, RSTART + 1, RLENGTH - 2)] = 1
    target[name, n] = ($2 ~ /^(j|b\.|b$|cbn?z|tbn?z)/) ? jump_to($0) : ""
  }
  function jump_to(line) {
    return match(line, /[0-9a-f]+ <[^>]*>/) ? substr(line, RSTART, index(substr(line, RSTART), " ") - 1) : ""
  }
  # x86: AVX and SSE on packed numbers; AArch64: v0.4s and the like, z0.d (SVE).
  function is_vector(line) {
    return line ~ /%[yz]mm/ || line ~ /[ \t]v?p[a-z]+[ \t].*%xmm/ || line ~ /[ \t]v?(add|mul|sub)p[sd][ \t]/ || line ~ /[vz][0-9]+\.[0-9]*[bhsd]/
  }
  function show(f,   n, first, m, k, inner) {
    shown[f] = 1
    for (n = 1; n <= count[f]; n++) {
      first = target[f, n] == "" ? 0 : index_of[f, target[f, n]]
      if (!first || first > n)
        continue
      inner = 1
      for (m = first; m < n; m++)
        if (target[f, m] != "" && index_of[f, target[f, m]] >= first && index_of[f, target[f, m]] <= m)
          inner = 0
      if (!inner)
        continue
      loops++
      printf "\n%s, loop %d: %d instructions\n", f, loops, n - first + 1
      for (k = first; k <= n; k++) {
        print text[f, k]
        instructions++
        vectors += is_vector(text[f, k])
      }
    }
  }
  END {
    names = split(kernel "_run " kernel "_run_as run run_as", candidates, " ")
    for (k = 1; k <= names && !count[run]; k++)
      run = candidates[k]
    if (!count[run]) {
      print "asm.sh: no function " kernel "_run or run in the object" > "/dev/stderr"
      exit 1
    }
    show(run)
    for (changed = 1; changed;) {
      changed = 0
      for (pair in called) {
        split(pair, who, SUBSEP)
        if ((who[1] in shown) && !(who[2] in shown) && count[who[2]]) {
          show(who[2])
          changed = 1
        }
      }
    }
    printf "\n%s: %d innermost loops, %d instructions, %d of them on vectors: %s\n", run, loops, instructions, vectors, vectors ? "vectorised" : "not vectorised"
  }'

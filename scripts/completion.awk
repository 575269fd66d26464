# Prints what a shell completes command lines of coresweep by, from the
# program's tables, which manual.sh gives it.
# usage: awk -v shell=bash|zsh|fish -f completion.awk TABLES
BEGIN { FS = "\t" }

$1 == "command" { names[++commands] = $2; summary[$2] = $3 }
$1 == "kernel" { kernels = kernels (kernels ? " " : "") $2 }
$1 == "variant" { variants = variants (variants ? " " : "") $2 }
$1 == "preset" && !($2 in preset) { preset[$2]; presets = presets (presets ? " " : "") $2 }
$1 == "of" { command = $2; sub(/ --$/, "", command) }
$1 == "arguments" && !(command in arguments) { arguments[command] = $2 }
$1 == "option" && !((command, $2) in known) {
  known[command, $2] = 1
  n = ++count[command]
  long[command, n] = $2
  letter[command, n] = $3
  takes[command, n] = $4
  help[command, n] = brief($7)
  words[command, n] = $5 == "words" ? $6 \
    : $2 ~ /^kernels?$/ ? kernels : $2 ~ /^(variants?|beside|also)$/ ? variants : $2 == "preset" ? presets : ""
  kind[command, n] = words[command, n] != "" ? "words" \
    : $5 != "path" && $4 != "FILE" ? "text" : $4 == "DIR" ? "folder" : "file"
}

# Up to where the details begin.
function brief(text) {
  sub(/[:;(,.] .*/, "", text)
  sub(/ *\(.*/, "", text)
  return text
}
function quoted(text) { gsub(/'/, "'\\''", text); return "'" text "'" }
# What an argument is: "folder", words, or "".
function argument_kind(name) {
  return arguments[name] ~ /DIR/ ? "folder" : ""
}
function argument_words(name,    text) {
  text = arguments[name]
  if (text !~ /\|/)
    return ""
  gsub(/\[|\]/, "", text)
  gsub(/\|/, " ", text)
  return text
}

# ---- bash ------------------------------------------------------------------

function bash_options(name,    i, text) {
  text = "--help"
  for (i = 1; i <= count[name]; i++)
    text = text " --" long[name, i] (takes[name, i] == "" ? "" : "=")
  return text
}
function bash_names(name, i) {
  return quoted(name " --" long[name, i]) \
    (letter[name, i] == "" ? "" : "|" quoted(name " -" letter[name, i]))
}
function print_bash(    c, i, name, all) {
  print "# bash completion for coresweep"
  print "_coresweep() {"
  print "  local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}"
  print "  local command=${COMP_WORDS[1]} options='' words='' i"
  print "  COMPREPLY=()"
  for (c = 1; c <= commands; c++)
    all = all names[c] " "
  print "  if ((COMP_CWORD == 1)); then"
  print "    mapfile -t COMPREPLY < <(compgen -W " quoted(all "--help --version --") " -- \"$cur\")"
  print "    return"
  print "  fi"
  print "  for ((i = 1; i < COMP_CWORD; i++)); do"
  print "    if [[ ${COMP_WORDS[i]} == -- ]]; then # somebody's own program"
  print "      mapfile -t COMPREPLY < <(compgen -c -f -- \"$cur\")"
  print "      return"
  print "    fi"
  print "  done"
  print "  # --option=value is three words here"
  print "  [[ $cur != '=' ]] || cur="
  print "  [[ $option != '=' ]] || option=${COMP_WORDS[COMP_CWORD - 2]}"
  print "  [[ ${COMP_WORDS[COMP_CWORD]} != '=' ]] || option=${COMP_WORDS[COMP_CWORD - 1]}"
  print "  case \"$command $option\" in"
  for (c = 1; c <= commands; c++) {
    name = names[c]
    for (i = 1; i <= count[name]; i++) {
      if (takes[name, i] == "")
        continue
      printf "  %s)", bash_names(name, i)
      if (kind[name, i] ~ /^(folder|file)$/)
        print " mapfile -t COMPREPLY < <(compgen " (kind[name, i] == "folder" ? "-d" : "-f") \
          " -- \"$cur\"); compopt -o filenames; return ;;"
      else if (kind[name, i] == "words")
        print " words=" quoted(words[name, i]) " ;;"
      else
        print " return ;;"
    }
  }
  print "  esac"
  print "  if [[ $words ]]; then # of a list, its last member"
  print "    local before="
  print "    [[ $cur != *,* ]] || before=${cur%,*},"
  print "    mapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$words\" -- \"${cur##*,}\")"
  print "    return"
  print "  fi"
  print "  case $command in"
  for (c = 1; c <= commands; c++) {
    name = names[c]
    printf "  %s) options=%s", name, quoted(bash_options(name))
    if (argument_words(name) != "")
      printf " words=%s", quoted(argument_words(name))
    print " ;;"
  }
  print "  esac"
  print "  if [[ $cur == -* ]]; then"
  print "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")"
  print "    [[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace"
  print "  elif [[ $words ]]; then"
  print "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")"
  print "  else"
  print "    mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")"
  print "    compopt -o filenames"
  print "  fi"
  print "}"
  print "complete -F _coresweep coresweep"
}

# ---- zsh -------------------------------------------------------------------

# In a specification of _arguments, between single quotes.
function zsh_text(text) {
  gsub(/\\/, "\\\\", text)
  gsub(/\[/, "\\[", text)
  gsub(/\]/, "\\]", text)
  gsub(/:/, "\\:", text)
  gsub(/'/, "'\\''", text)
  return text
}
function zsh_value(name, i,    what) {
  if (takes[name, i] == "")
    return ""
  what = kind[name, i] == "folder" ? "_files -/" : kind[name, i] == "file" ? "_files" \
    : kind[name, i] != "words" ? "" \
    : words[name, i] == kernels || words[name, i] == variants ? "_values -s , word " words[name, i] \
    : "(" words[name, i] ")"
  return ":" zsh_text(takes[name, i]) ":" what
}
function print_zsh(    c, i, name, tail) {
  print "#compdef coresweep"
  print "_coresweep() {"
  print "  local -a commands"
  print "  local context state state_descr line"
  print "  typeset -A opt_args"
  print "  commands=("
  for (c = 1; c <= commands; c++)
    print "    '" zsh_text(names[c]) ":" zsh_text(summary[names[c]]) "'"
  print "  )"
  print "  if (( CURRENT == 2 )); then"
  print "    _describe command commands"
  print "    return"
  print "  fi"
  print "  local command=$words[2]"
  print "  shift words"
  print "  (( CURRENT-- ))"
  print "  case $command in"
  for (c = 1; c <= commands; c++) {
    name = names[c]
    print "  " name ")"
    print "    _arguments \\"
    for (i = 1; i <= count[name]; i++) {
      tail = "[" zsh_text(help[name, i]) "]" zsh_value(name, i) "'"
      print "      '--" long[name, i] (takes[name, i] == "" ? "" : "=") tail " \\"
      if (letter[name, i] != "")
        print "      '-" letter[name, i] (takes[name, i] == "" ? "" : "+") tail " \\"
    }
    if (argument_words(name) != "")
      print "      '*:what:(" argument_words(name) ")'"
    else
      print "      '*:folder:_files" (argument_kind(name) == "folder" ? " -/" : "") "'"
    print "    ;;"
  }
  print "  esac"
  print "}"
  # Loaded by compinit, the file is the function; read by hand, it defines it.
  print "if [[ ${funcstack[1]} == _coresweep ]]; then"
  print "  _coresweep \"$@\""
  print "else"
  print "  compdef _coresweep coresweep"
  print "fi"
}

# ---- fish ------------------------------------------------------------------

function print_fish(    c, i, name, line) {
  print "# fish completion for coresweep"
  print "complete -c coresweep -f"
  for (c = 1; c <= commands; c++)
    print "complete -c coresweep -n __fish_use_subcommand -a " names[c] " -d " fish_quoted(summary[names[c]])
  for (c = 1; c <= commands; c++) {
    name = names[c]
    for (i = 1; i <= count[name]; i++) {
      line = "complete -c coresweep -n '__fish_seen_subcommand_from " name "' -l " long[name, i]
      if (letter[name, i] != "")
        line = line " -s " letter[name, i]
      if (takes[name, i] != "")
        line = line " -x"
      if (kind[name, i] == "folder" && takes[name, i] != "")
        line = line " -a '(__fish_complete_directories)'"
      else if (kind[name, i] == "file" && takes[name, i] != "")
        line = line " -a '(__fish_complete_path)'"
      else if (kind[name, i] == "words")
        line = line " -a " fish_quoted(words[name, i])
      print line " -d " fish_quoted(help[name, i])
    }
    line = "complete -c coresweep -n '__fish_seen_subcommand_from " name "' -a "
    if (argument_words(name) != "")
      print line fish_quoted(argument_words(name))
    else if (argument_kind(name) == "folder")
      print line "'(__fish_complete_directories)'"
  }
}
function fish_quoted(text) { gsub(/\\/, "\\\\", text); gsub(/'/, "\\'", text); return "'" text "'" }

END {
  if (shell == "bash")
    print_bash()
  else if (shell == "zsh")
    print_zsh()
  else
    print_fish()
}

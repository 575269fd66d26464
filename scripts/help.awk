# Prints the targets and variables of a Makefile from its ## comments.
# usage: awk -f help.awk Makefile
/^##@ / {
  section = substr($0, 5)
  printf "%s%s\n", (seen++ ? "\n" : ""), section
  next
}
section == "Variables" && /\?=.*##/ {
  name = $1
  value = $0
  sub(/^[^=]*= */, "", value)
  sub(/ *##.*/, "", value)
  text = $0
  sub(/.*## */, "", text)
  printf "  %-13s %s%s\n", name, text, value == "" ? "" : " (" value ")"
}
/^[a-z][a-z0-9-]*:.*## / {
  name = $1
  sub(/:.*/, "", name)
  text = $0
  sub(/.*## /, "", text)
  printf "  make %-14s %s\n", name, text
}

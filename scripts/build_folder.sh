#!/bin/sh
# Says why nothing can be built in a folder; nothing when it can.  What is built
# goes through rules and shells as it is, and `make clean` removes all of it.
# usage: build_folder.sh FOLDER      (in the project's folder)
set -eu

case $1 in
'' | -* | *[!A-Za-z0-9_./,+@-]*)
  echo "want one folder's name, of letters, digits and any of _ . / , + @ -"
  exit
  ;;
esac
there=$(CDPATH='' cd "$1" 2>/dev/null && pwd -P) || exit 0 # it is made
here=$(pwd -P)
case $here/ in
"${there%/}"/*) echo "the project lies in it; want a folder of its own" ;;
esac
for own in .git bench kernels results scripts; do
  case $there/ in
  "$here/$own"/*) echo "$own/ is not for what is built; want a folder of its own" ;;
  esac
done

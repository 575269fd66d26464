# Writes a file with one text in it replaced by another, to the letter.  Exits
# 1 and writes nothing when the text is not there exactly once.
# usage: awk -v old=FILE -v new=FILE -v path=FILE -f replace.awk

function whole(name, text, line, first) {
  first = 1
  while ((getline line <name) > 0) {
    text = text (first ? "" : "\n") line
    first = 0
  }
  close(name)
  return text
}

BEGIN {
  text = whole(path)
  from = whole(old)
  at = index(text, from)
  after = substr(text, at + length(from))
  if (!at || index(after, from)) exit 1
  print substr(text, 1, at - 1) whole(new) after
}

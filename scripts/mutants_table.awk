# Adds up what mutants.sh found, by room, and names the survivors.
# Input: VERDICT ROOM NAME REASON, with tabs.  errors: entries that were wrong.
# Exits 1 when there are errors, or fewer than 90% were caught.

BEGIN { FS = "\t" }

{
  if (!($2 in tried)) rooms[++count] = $2
  tried[$2]++
  total++
}
$1 == "caught" { caught[$2]++; all++; if ($4 != "") now[$3] = $4 }
$1 == "survived" { survivor[$3] = $4 == "" ? "no reason is known" : $4 }

END {
  printf "\n%-10s %6s %6s\n", "room", "caught", "of"
  for (i = 1; i <= count; i++)
    printf "%-10s %6d %6d\n", rooms[i], caught[rooms[i]], tried[rooms[i]]
  printf "%-10s %6d %6d  %.0f%%\n", "all", all, total, \
    total ? 100 * all / total : 0
  for (name in survivor) printf "survived: %s: %s\n", name, survivor[name]
  for (name in now)
    printf "caught, though its entry says that it survives: %s\n", name
  if (errors) printf "%d entries are wrong\n", errors
  exit errors > 0 || total == 0 || 10 * all < 9 * total
}

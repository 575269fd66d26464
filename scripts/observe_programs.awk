# A line of the table of observe_programs.sh, from a program's runs: threads,
# observed, nanoseconds, and what `observed` printed; or, without a name, the
# table's head.  Runs of a round are four lines one after the other.  No law is
# told where two threads have a region of 1% or more that one has not, where "one
# thread" were more for 1% or more, and where two take surely less time outside
# of regions, by 1% or more: as bench/analyze/inside_law.c has it.
BEGIN {
  FS = "\t"
  form = "%-11s %7s %6s %11s %20s %15s %6s %8s %6s  %s\n"
  if (name == "") {
    printf form, "program", "time, s", "f", "at most", "measured",
      "outside, s", "costs", "regions", "calls", "largest region; not told"
    exit
  }
}

{
  at = $1 SUBSEP $2 SUBSEP int((NR - 1) / 4)
  ns[at] = $3
  rounds = int((NR + 3) / 4)
  if ($2 == "no" || $4 == "-") next
  if ($5 != "-") {
    outside[$1, ++seen[$1]] = $6
    wall[$1, seen[$1]] = $5
    critical[$1, seen[$1]] = $10
  }
  if ($1 == 1) {
    alone_keys = "|" $12
    own_team = $9
  } else {
    regions = $7
    calls = $8
    team = $9
    untold = $11
    large = $13
    region = $14
  }
}

# Of x[1..n], which it sorts.
function median(x, n,   i, k, v) {
  for (i = 2; i <= n; i++) {
    v = x[i]
    for (k = i - 1; k > 0 && x[k] > v; k--) x[k + 1] = x[k]
    x[k + 1] = v
  }
  return n % 2 ? x[(n + 1) / 2] : (x[n / 2] + x[n / 2 + 1]) / 2
}

# The share of one thread's time by which two are shorter outside of regions,
# if surely: the median of pairs, where the end of its 95% interval (all pairs,
# of fewer than nine) is above 0 as well; else 0.
function shorter(   i, k, n, less) {
  n = seen[1] < seen[2] ? seen[1] : seen[2]
  for (i = 1; i <= n; i++)
    less[i] = (outside[1, i] - outside[2, i]) / wall[1, i]
  i = median(less, n)
  k = n < 9 ? 1 : n < 12 ? 2 : 3
  return less[k] > 0 ? i : 0
}

# Why the one-thread run tells nothing of two: in words; "": it does.
function no_law(   i, n, list) {
  if (own_team > 1) return "a team of " own_team " of its own, with one thread"
  n = split(large, list, "|")
  for (i = 1; i < n; i++)
    if (index(alone_keys, "|" list[i] "|") == 0)
      return "another way with one thread: no " list[i]
  if (shorter() >= 0.01) return "other threads help outside of regions"
  return ""
}

END {
  if (name == "") exit
  for (r = 0; r < rounds; r++) {
    gain[r + 1] = ns[1, "no", r] / ns[2, "no", r]
    alone[r + 1] = ns[1, "no", r] * 1e-9
    cost[2 * r + 1] = ns[1, "yes", r] / ns[1, "no", r]
    cost[2 * r + 2] = ns[2, "yes", r] / ns[2, "no", r]
  }
  gained = median(gain, rounds)
  measured = sprintf("%.2f (%.2f to %.2f)", gained, gain[1], gain[rounds])
  costs = sprintf("%+.1f%%", 100 * (median(cost, 2 * rounds) - 1))
  time = sprintf("%.2f", median(alone, rounds))
  if (!seen[1] || !seen[2]) {
    printf form, name, time, "-", "-", measured, "-", costs, "-", "-",
      "nothing told"
    exit
  }
  for (i = 1; i <= seen[1]; i++) {
    f[i] = outside[1, i] / wall[1, i]
    # others work beside who is in a critical section
    shared = (wall[1, i] - outside[1, i]) / 2
    least = critical[1, i] > shared ? critical[1, i] : shared
    g[i] = (outside[1, i] + least) / wall[1, i]
    one[i] = outside[1, i]
  }
  for (i = 1; i <= seen[2]; i++) two[i] = outside[2, i]
  share = median(f, seen[1])
  tight = median(g, seen[1])
  most = sprintf("%.2f", 2 / (1 + share))
  if (tight > (1 + share) / 2 + 0.005) most = most sprintf(", %.2f", 1 / tight)
  if ((why = no_law()) != "") {
    most = "no law"
    region = region "; " why
  }
  if (team < 2) region = region "; teams of one"
  printf form, name, time, sprintf("%.1f%%", 100 * share), most, measured,
    sprintf("%.3f, %.3f", median(one, seen[1]), median(two, seen[2])), costs,
    regions, calls, region (untold == "-" ? "" : "; " untold)
}

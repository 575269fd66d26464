# Medians of ratios within rounds, as a Markdown table.
# input: ROUND|PROGRAM|LABEL|KERNEL|ITEMS|SECONDS SECONDS..., where programs,
# kernels and rounds are complete; -v base=PROGRAM: the one that the others are
# divided by
#
# A trial counts by the shortest of its regions: others' load only adds.
# The interval is that of the median by order statistics, of 95% or more
# (Conover, Practical Nonparametric Statistics, 3rd ed., sec. 3.2); fewer than
# six rounds have none.
BEGIN { FS = "|" }
{
  if (!($2 in label)) programs[++program_count] = $2
  label[$2] = $3
  if (!($4 in items)) kernels[++kernel_count] = $4
  items[$4] = $5
  rounds = $1 > rounds ? $1 : rounds
  seconds[$1, $2, $4] = shortest($6)
}

function shortest(list,   n, k, each, least) {
  n = split(list, each, " ")
  least = each[1]
  for (k = 2; k <= n; k++) least = each[k] + 0 < least + 0 ? each[k] : least
  return least
}

# How many samples of n lie outside of the interval at each end; 0: no interval.
function outside(n,   k, ways, below, all) {
  all = 2 ^ n
  ways = 1
  for (k = 0; k <= n; k++) {
    below += ways
    if (below / all > 0.025) return k
    ways *= (n - k) / (k + 1)
  }
}

function number(x) { return sprintf(x < 9.995 ? "%.2f" : x < 99.95 ? "%.1f" : "%.0f", x) }

function cell(program, kernel,   n, r, k, x, sorted) {
  for (r = 1; r <= rounds; r++) {
    x = seconds[r, base, kernel] / seconds[r, program, kernel]
    for (k = n++; k > 0 && sorted[k] > x; k--) sorted[k + 1] = sorted[k]
    sorted[k + 1] = x
  }
  x = n % 2 ? sorted[(n + 1) / 2] : sqrt(sorted[n / 2] * sorted[n / 2 + 1])
  k = outside(n)
  if (program == base) return "1"
  return number(x) (k ? " (" number(sorted[k]) "–" number(sorted[n + 1 - k]) ")" : "")
}

END {
  if (!(base in label)) {
    print "opt_table.awk: no times of " base > "/dev/stderr"
    exit 1
  }
  for (k = 1; k <= kernel_count; k++) {
    header = header " | " kernels[k]
    ruler = ruler "|---:"
    sizes = sizes (k > 1 ? ", " : "") kernels[k] " " items[kernels[k]]
  }
  print "| build" header " |"
  print "|---" ruler "|"
  for (p = 1; p <= program_count; p++) {
    row = "| " label[programs[p]]
    for (k = 1; k <= kernel_count; k++) row = row " | " cell(programs[p], kernels[k])
    print row " |"
  }
  printf "\nItems per second by those of %s: medians of %d interleaved rounds%s; serial, one worker%s. Items: %s.\n", \
    label[base], rounds, outside(rounds) ? ", with 95% intervals" : "", machine ? ", on a " machine : "", sizes
}

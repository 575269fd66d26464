# What a sweep's analysis says of each point, from its trials.jsonl alone and by
# nothing of the program: for test_recompute.sh.
# usage: awk -f recompute.awk trials.jsonl
# Prints: workload variant workers "region"|"program"|"slowest" median low high

function member(key,   text) {
  if (!match($0, "\"" key "\":[^,\\[\\]}]*")) return ""
  text = substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3)
  gsub(/"/, "", text)
  return text == "null" ? "" : text
}

# The numbers of a list, into list[1..]; returns how many.
function numbers(key, list,   text) {
  if (!match($0, "\"" key "\":\\[[^]]*\\]")) return 0
  text = substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 5)
  return split(text, list, ",")
}

function sort(list, n,   i, j, t) {
  for (i = 2; i <= n; i++)
    for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
      t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
    }
}

function median(list, n) {
  sort(list, n)
  return (list[int((n + 1) / 2)] + list[int(n / 2) + 1]) / 2
}

# The largest k with P(Bin(n, 1/2) < k) <= tail.
function rank(n, tail,   k, sum, term) {
  term = 0.5 ^ n
  for (k = 0; sum + term <= tail; k++) { sum += term; term *= (n - k) / (k + 1) }
  return k
}

# The logarithm of what a trial's blocks say, by serial on that CPU ("": on all);
# `count` blocks do, a global.
function of_turns(cpu,   forms, times, cpus, blocks, list, b, k, c, i, s, p, ns, np, values) {
  forms = member("turns")
  numbers("turns_s", times)
  numbers("turns_cpu", cpus)
  blocks = split(forms, list, "|")
  i = count = 0
  for (b = 1; b <= blocks; b++) {
    s = p = ns = np = 0
    for (k = 1; k <= length(list[b]); k++) {
      c = substr(list[b], k, 1)
      i++
      if (c == "S" && (cpu == "" || cpus[i] == cpu)) { s += log(times[i]); ns++ }
      if (c == "P") { p += log(times[i]); np++ }
    }
    if (ns && np) values[++count] = s / ns - p / np
  }
  return median(values, count)
}

# What the trial says of each CPU of its workers.
function keep_cpus(point,   list, w) {
  cpus_of[point] = numbers("cpus", list)
  for (w = 1; w <= cpus_of[point]; w++) {
    value = of_turns(list[w])
    if (!count) continue
    on_cpu[point, w, ++trials[point, w]] = value
    blocks_on[point, w] += count
  }
}

# Of the CPUs' medians and ends the largest, as intervals of all of them at once.
function print_slowest(point,   m, w, n, k, i, values, middle, low, high, most) {
  m = cpus_of[point]
  for (w = 1; w <= m; w++) {
    if (blocks_on[point, w] < 9) return
    n = trials[point, w]
    for (i = 1; i <= n; i++) values[i] = on_cpu[point, w, i]
    i = median(values, n)
    k = rank(n, 0.025 / m)
    if (w == 1 || i > middle) middle = i
    if (n < 6 || k < 1) most = "null"
    if (w == 1 || values[k] > low) low = values[k]
    if (w == 1 || values[n + 1 - k] > high) high = values[n + 1 - k]
  }
  if (!m) return
  printf "%s slowest %.9g %s %s\n", point, exp(middle), most ? most : sprintf("%.9g", exp(low)), most ? most : sprintf("%.9g", exp(high))
}

function print_point(point, kind, values, n,   k, low, high, middle) {
  low = high = "null"
  k = rank(n, 0.025)
  middle = median(values, n)
  if (n >= 6) { low = sprintf("%.9g", exp(values[k])); high = sprintf("%.9g", exp(values[n + 1 - k])) }
  printf "%s %s %.9g %s %s\n", point, kind, exp(middle), low, high
}

member("phase") == "round" || member("phase") == "program" {
  round = member("round")
  workload = member("workload")
  point = workload " " member("requested") " " member("workers")
  if (!(point in seen)) { seen[point] = 1; order[++points] = point; of[point] = workload }
  if (round > rounds) rounds = round
  if (member("phase") == "program") {
    programs[point, round] += log(member("program_s"))
    runs[point, round]++
  } else {
    regions[point, round] = log(member("region_s"))
    if (member("turns") != "") {
      turns[point, round] = of_turns("")
      keep_cpus(point)
    }
  }
}

END {
  for (k = 1; k <= points; k++) {
    point = order[k]
    serial = of[point] " serial 1"
    n = m = 0
    for (r = 1; r <= rounds; r++) {
      if ((point, r) in turns) region[++n] = turns[point, r]
      else if ((point, r) in regions) region[++n] = regions[serial, r] - regions[point, r]
      if ((point, r) in runs)
        program[++m] = programs[serial, r] / runs[serial, r] - programs[point, r] / runs[point, r]
    }
    print_point(point, "region", region, n)
    print_point(point, "program", program, m)
    print_slowest(point)
  }
}

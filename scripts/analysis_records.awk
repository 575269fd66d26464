# From one real record, as `coresweep trial --json` prints it on two workers,
# as many as asked for: a run's trials.jsonl of 40 points (8 workloads,
# serial and two variants with one worker and two).  Times differ
# from record to record by a fixed sequence; nothing is measured.
#
# usage: awk -v records=100000 -f analysis_records.awk RECORD.json >trials.jsonl
BEGIN { workloads = 8; per_workload = 5; pilots = 6 }

function put(line, key, value) {
  if (!sub("\"" key "\":([^\\[\",]+|\"[^\"]*\"|\\[[^]]*\\])", "\"" key "\":" value, line)) {
    print "analysis_records.awk: the record has no key " key >"/dev/stderr"
    exit 1
  }
  return line
}

# A number from 0 to 1, the same in every run (a linear congruence).
function next_random() {
  state = (state * 1103 + 12345) % 1048576
  return state / 1048576
}

{
  # What only the one knows who ran the trial stands in front.
  if (!sub(/^[{]"schema":[0-9]+,/, "&\"phase\":null,\"round\":null,\"order\":null,\"wall_s\":null,\"throttled_s\":null,\"steal_s\":null,\"swapped_pages\":null,\"thermal_throttles\":null,")) {
    print "analysis_records.awk: the record does not begin with its schema" >"/dev/stderr"
    exit 1
  }
  variant[0] = "serial"; variant[1] = variant[2] = "omp:static"
  variant[3] = variant[4] = "pool:static"
  for (s = 0; s < workloads; s++)
    for (v = 0; v < per_workload; v++) {
      workers = v == 2 || v == 4 ? 2 : 1
      one = workers == 1
      line = put($0, "workload", "\"cube/first=" s "\"")
      line = put(line, "requested", "\"" variant[v] "\"")
      line = put(line, "variant", "\"" variant[v] "\"")
      line = put(line, "workers", workers)
      line = put(line, "workers_seen", workers)
      line = put(line, "phase", "\"@\"")
      line = put(line, "round", "@")
      line = put(line, "order", "@")
      line = put(line, "setup_s", "0.03")
      line = put(line, "start_s", "0.0")
      line = put(line, "touch_s", "0.0")
      line = put(line, "region_first_s", "@")
      line = put(line, "region_s", "@")
      line = put(line, "regions_s", "[@]")
      line = put(line, "finish_s", "0.0")
      line = put(line, "close_s", "0.0")
      line = put(line, "program_s", "@")
      line = put(line, "wall_s", "@")
      line = put(line, "cpus", one ? "[0]" : "[0,1]")
      line = put(line, "worker_begin_s", one ? "[0.0]" : "[0.0,0.0001]")
      line = put(line, "worker_end_s", one ? "[0.002]" : "[0.0018,0.002]")
      line = put(line, "worker_busy_s", one ? "[0.002]" : "[0.0018,0.0019]")
      line = put(line, "worker_cpu_s", one ? "[0.002]" : "[0.0018,0.0019]")
      line = put(line, "worker_chunks", one ? "[1]" : "[1,1]")
      line = put(line, "worker_items", one ? "[2000000]" : "[1000000,1000000]")
      line = put(line, "worker_run_delay_s", one ? "[0.0001]" : "[0.0001,0.0002]")
      line = put(line, "worker_switches", one ? "[0]" : "[0,1]")
      line = put(line, "worker_minor_faults", one ? "[12]" : "[11,9]")
      line = put(line, "worker_cpu_begin", one ? "[0]" : "[0,1]")
      line = put(line, "worker_cpu_end", one ? "[0]" : "[0,1]")
      line = put(line, "throttled_s", "0.0")
      line = put(line, "steal_s", "0.01")
      line = put(line, "swapped_pages", "0")
      n = split(line, part, "@")
      for (i = 1; i <= n; i++)
        piece[s * per_workload + v, i] = part[i]
    }
  points = workloads * per_workload
  for (r = 0; r < records; r++) {
    c = r % points
    round = int(r / points) + 1 - pilots
    region = (c % per_workload == 2 || c % per_workload == 4 ? 0.003 : 0.005) * (1 + next_random() / 50)
    printf "%s%s%s%s%s%d%s%.9f%s%.9f%s%.9f%s%.9f%s%.9f%s\n", piece[c, 1], (round > 0 ? "round" : "pilot"),
      piece[c, 2], (round > 0 ? round "" : "null"), piece[c, 3], r + 1, piece[c, 4], region + 0.04, piece[c, 5],
      region, piece[c, 6], region, piece[c, 7], region, piece[c, 8], region + 0.03, piece[c, 9]
  }
}

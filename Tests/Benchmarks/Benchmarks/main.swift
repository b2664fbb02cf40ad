import Glibc
import HostBoxes

// Runs the benchmarks that are named, or all of them, and ends with 1 when a goal was missed.

let all = [
  "capture", "spawn", "end", "many", "usage", "screen", "rest", "server", "frame", "race", "boxes", "containers",
]
let names = CommandLine.arguments.dropFirst()
guard names.allSatisfy(all.contains) else {
  print("there are: \(all.joined(separator: " "))")
  exit(2)
}
signal(SIGPIPE, SIG_IGN)
ProcessLimits.raise()
let bench = Workbench()
var report = Report()
Report.header()
for name in names.isEmpty ? all[...] : names {
  switch name {
  case "capture": try CaptureBenchmark().run(bench, &report)
  case "spawn": try SpawnBenchmark().run(bench, &report)
  case "end": try EndBenchmark().run(bench, &report)
  case "many": try ManyBenchmark().run(bench, &report)
  case "usage": try UsageBenchmark().run(bench, &report)
  case "screen": try ScreenBenchmark().run(bench, &report)
  case "rest": try RestBenchmark().run(bench, &report)
  case "server": try ServerBenchmark().run(bench, &report)
  case "race": try RaceBenchmark().run(&report)
  case "boxes": try BoxesBenchmark().run(bench, &report)
  case "containers": try ContainerBenchmark().run(bench, &report)
  default: try FrameBenchmark().run(bench, &report)
  }
}
bench.clean()
exit(report.isClean ? 0 : 1)

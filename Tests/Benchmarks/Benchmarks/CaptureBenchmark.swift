import BenchmarkBaseline
import ExecEngine
import ExecModel
import Glibc
import SystemPackage

/// A fast producer of text through a pipe, all of it kept, against a C loop with the same pipe and disk.
///
/// One core for both sides, as unpinned figures have two modes.
struct CaptureBenchmark {
  static let bytes = 1 << 30
  static let rounds = 7

  func run(_ bench: Workbench, _ report: inout Report) throws {
    let command = [bench.producer, "flood", "\(Self.bytes)"]
    var ours: [Double] = []
    var theirs: [Double] = []
    CPU.pin(to: 0)
    for round in 0...Self.rounds {
      let path = bench.folder.appending("baseline").string
      let baseline = Workbench.withCommand(command) { baseline_capture($0, path) }
      unlink(path)
      let own = try bench.run(command)
      // The first round warms the page cache and the disk's allocator.
      if round > 0 {
        theirs.append(Double(baseline))
        ours.append(own)
      }
    }
    CPU.unpin()
    let (own, baseline) = (Samples(ours).median, Samples(theirs).median)
    report.add(
      "capture, 1 GiB of lines", ours: rate(own), baseline: rate(baseline), ratio: baseline / own, goal: .atLeast(0.95))
    try runTwo(bench, &report)
  }

  private func runTwo(_ bench: Workbench, _ report: inout Report) throws {
    let command = [bench.producer, "flood", "\(Self.bytes)"]
    var one: [Double] = []
    var two: [Double] = []
    for _ in 0..<Self.rounds {
      one.append(try bench.run(command))
      two.append(try bench.run(command, count: 2))
    }
    let (single, double) = (Samples(one).median, Samples(two).median)
    report.add(
      "two floods against one", ours: rate(double, 2), baseline: rate(single), ratio: 2 * single / double,
      goal: .atLeast(1.5))
  }

  private func rate(_ nanoseconds: Double, _ floods: Double = 1) -> String {
    Report.text(floods * Double(Self.bytes) / nanoseconds) + " GB/s"
  }
}

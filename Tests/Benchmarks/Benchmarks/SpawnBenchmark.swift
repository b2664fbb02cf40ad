import BenchmarkBaseline
import ExecEngine
import ExecModel
import Synchronization

/// Short executions, captured, journalled and ordered, against C's posix_spawn + pidfd + epoll.
///
/// The journals stay until the end: ext4 searches past every inode that was deleted within the last five seconds, which
/// would be measured instead.
struct SpawnBenchmark {
  static let count = 1500
  static let rounds = 5

  func run(_ bench: Workbench, _ report: inout Report) throws {
    for parallel in [1, 8, 64] {
      var ours: [Double] = []
      var theirs: [Double] = []
      for _ in 0..<Self.rounds {
        let baseline = Workbench.withCommand(["/bin/true"]) {
          baseline_spawn($0, Int32(Self.count), Int32(parallel), nil)
        }
        theirs.append(Double(Self.count) * 1e9 / Double(baseline))
        ours.append(try rate(bench, parallel))
      }
      let (own, baseline) = (Samples(ours).median, Samples(theirs).median)
      report.add(
        "spawn, \(parallel) at a time", ours: "\(Int(own))/s", baseline: "\(Int(baseline))/s", ratio: own / baseline,
        goal: .atLeast(0.7))
    }
  }

  private func rate(_ bench: Workbench, _ parallel: Int) throws -> Double {
    let began = Workbench.now
    let finished = Mutex<[ExecutionID]>([])
    let wake = Semaphore()
    var started = 0
    var ended = 0
    while ended < Self.count {
      while started < Self.count, started - ended < parallel {
        let id = try bench.engine.start(ExecutionSpec(command: ["/bin/true"]), in: bench.box)
        started += 1
        try bench.engine.wait(id) { _ in
          finished.withLock { $0.append(id) }
          wake.signal()
        }
      }
      wake.wait()
      ended += finished.withLock { ids in
        defer { ids = [] }
        return ids.count
      }
    }
    return Double(Self.count) * 1e9 / Double(Workbench.now - began)
  }
}

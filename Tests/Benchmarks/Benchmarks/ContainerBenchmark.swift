import ContainerBoxes
import ExecEngine
import ExecModel
import Glibc

/// A short command in a running container: boxwatch's own client against the engine's own command line.
///
/// Both sides go through the same engine of ours, with a journal each; the command lines are local commands of it.
/// Needs the test engines: `eval "$(.ci/engines)"`.
struct ContainerBenchmark {
  static let count = 15
  static let rounds = 5

  func run(_ bench: Workbench, _ report: inout Report) throws {
    for kind in EngineKind.allCases {
      guard let socket = Self.variable("BOXWATCH_TEST_" + kind.rawValue.uppercased()) else {
        print("exec, \(kind.rawValue): no test engine; run eval \"$(.ci/engines)\" before")
        continue
      }
      try run(bench, &report, kind, socket)
    }
  }

  private func run(_ bench: Workbench, _ report: inout Report, _ kind: EngineKind, _ socket: String) throws {
    let box = ContainerBox(EngineAccess(kind, at: .unix(socket)), container: "boxwatch-conformance")
    let client = Self.client(kind, socket)
    _ = try took(bench, box, ["true"])
    _ = try took(bench, bench.box, client)
    var ours: [Double] = []
    var theirs: [Double] = []
    // By turns, so that what else the machine does hits both.
    for _ in 0..<(Self.rounds * Self.count) {
      ours.append(try took(bench, box, ["true"]))
      theirs.append(try took(bench, bench.box, client))
    }
    let (own, other) = (Samples(ours).median, Samples(theirs).median)
    report.add(
      "exec in a container, \(kind.rawValue)", ours: Self.milliseconds(own), baseline: Self.milliseconds(other),
      ratio: other / own, goal: kind == .docker ? .atLeast(1.5) : .atLeast(1))
  }

  private func took(_ bench: Workbench, _ box: any Box, _ command: [String]) throws -> Double {
    let began = Workbench.now
    let wake = Semaphore()
    let id = try bench.engine.start(ExecutionSpec(command: command), in: box)
    try bench.engine.wait(id) { _ in wake.signal() }
    wake.wait()
    let took = Double(Workbench.now - began)
    let status = try bench.engine.snapshot(id).conclusion?.outcome.status
    precondition(status == .exited(0), "\(command) ended with \(String(describing: status))")
    try bench.engine.remove(id)
    return took
  }

  /// The engine's own command line.
  private static func client(_ kind: EngineKind, _ socket: String) -> [String] {
    let rest = ["exec", "boxwatch-conformance", "true"]
    switch kind {
    case .docker: return ["docker", "-H", "unix://" + socket] + rest
    case .podman:
      let home = variable("BOXWATCH_TEST_ENGINES") ?? ""
      let settings = [
        "CONTAINERS_CONF=\(home)/pod/containers.conf", "CONTAINERS_STORAGE_CONF=\(home)/pod/storage.conf",
      ]
      return ["env"] + settings + ["podman"] + rest
    }
  }

  private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  private static func milliseconds(_ nanoseconds: Double) -> String { Report.text(nanoseconds / 1e6) + " ms" }
}

import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import SystemPackage

/// One short command after the other in a kept box, captured, journalled and ordered, against `nsenter` by posix_spawn.
///
/// nsenter is run in the same box in the same rounds, by the engine's local box: what differs is how the box is entered, and
/// that ours joins the box's control groups too. A throw-away sandbox stands against bubblewrap by itself over the host's
/// whole tree, without a filter of system calls and with every capability of its user.
struct BoxesBenchmark {
  static let count = 200
  static let rounds = 5

  func run(_ bench: Workbench, _ report: inout Report) throws {
    try throwAway(bench, &report)
    try kept(bench, &report)
  }

  private func throwAway(_ bench: Workbench, _ report: inout Report) throws {
    let sandbox = BubblewrapBox()
    if let problem = sandbox.problem() { return print("sandboxes: \(problem)") }
    let plain = [
      "bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--unshare-all",
      "--die-with-parent", "/bin/true",
    ]
    try compare("exec in a throw-away sandbox", bench, plain, sandbox, .atMost(3), &report)
  }

  private func kept(_ bench: Workbench, _ report: inout Report) throws {
    let boxes = KeptBoxes(folder: bench.folder.appending("kept/boxes").string)
    let name = "bench-\(getpid())"
    do {
      try boxes.create(name)
    } catch {
      print("kept boxes: \(error.description)")
      return
    }
    defer { try? boxes.remove(name, force: true) }
    guard let box = try boxes.box(named: name), let first = box.processIdentifier else { return }
    let client = ["nsenter", "-t", String(first), "-a", "/bin/true"]
    try compare("exec in a kept box", bench, client, box, .atMost(1), &report)
  }

  private func compare(
    _ name: String, _ bench: Workbench, _ plain: [String], _ box: any Box, _ goal: Goal, _ report: inout Report
  ) throws {
    var ours: [Double] = []
    var theirs: [Double] = []
    for _ in 0..<Self.rounds {
      theirs.append(try milliseconds(bench, plain, bench.box))
      ours.append(try milliseconds(bench, ["/bin/true"], box))
    }
    let (own, baseline) = (Samples(ours).median, Samples(theirs).median)
    report.add(
      name, ours: "\(Report.text(own)) ms", baseline: "\(Report.text(baseline)) ms", ratio: own / baseline, goal: goal)
  }

  /// How long one takes, from before its start to its terminal event.
  private func milliseconds(_ bench: Workbench, _ command: [String], _ box: any Box) throws -> Double {
    let wake = Semaphore()
    let began = Workbench.now
    for _ in 0..<Self.count {
      let id = try bench.engine.start(ExecutionSpec(command: command), in: box)
      try bench.engine.wait(id) { _ in wake.signal() }
      wake.wait()
    }
    return Double(Workbench.now - began) / 1e6 / Double(Self.count)
  }
}

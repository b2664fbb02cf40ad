import ExecEngine
import ExecModel
import SystemPackage
import TestSupport
import Testing

@testable import ContainerBoxes

/// Engines that die amid the output, and come back.
@Suite(.enabled(if: RealEngine.problem.isEmpty, "\(RealEngine.problem)"), .serialized, .timeLimit(.minutes(5)))
struct KilledEngineTests {
  private static let ticks = "i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo tick$i; echo err$i >&2; sleep 0.05; done"

  private static func expectPrefix(_ run: EngineRun, _ id: ExecutionID) {
    let lines = (1...300).map { "tick\($0)\n" }.joined()
    #expect(lines.hasPrefix(run.text(.stdout, id)))
  }

  @Test(arguments: EngineKind.allCases)
  func `an engine that is killed amid a command's output leaves it truncated, and named`(_ kind: EngineKind) throws {
    let own = try OwnEngine(kind)
    let container = try own.real.container("trap 'exit 0' TERM; while :; do sleep 1; done")
    let access = own.real.access
    let box = ContainerBox(access, container: container.identifier)
    let run = EngineRun()
    let id = try run.start(Self.ticks, in: box)
    try run.waitForBytes(20, id)
    try own.kill()
    let conclusion = try run.end(id)
    #expect(conclusion.outcome == Outcome(status: .lost, truncated: .both))
    #expect(conclusion.unproven == .both)
    Self.expectPrefix(run, id)
    let error = #expect(throws: BoxError.self) {
      try box.start(ExecutionSpec(command: ["true"]), reportingTo: NoSink())
    }
    #expect(error?.failure == .box)
    // A restarted one is used again. This dockerd has lost its containers with its containerd.
    try own.start()
    let next = kind == .podman ? container : try own.real.container("trap 'exit 0' TERM; while :; do sleep 1; done")
    let again = try run.start("echo back; exit 2", in: ContainerBox(access, container: next.identifier))
    #expect(try run.end(again).outcome == Outcome(status: .exited(2)))
    #expect(run.text(.stdout, again) == "back\n")
    try next.remove()
  }

  @Test func `a docker that is killed under an attached container leaves it truncated, and named`() throws {
    let own = try OwnEngine(.docker)
    let container = try own.real.container(Self.ticks)
    let attachment = ContainerAttachment(own.real.access, container: container.identifier)
    let run = EngineRun()
    let id = try run.start(attachment.spec(), in: attachment)
    try run.waitForBytes(20, id)
    try own.kill()
    let conclusion = try run.end(id)
    #expect(conclusion.outcome == Outcome(status: .lost, truncated: .both))
    #expect(conclusion.unproven == .both)
    Self.expectPrefix(run, id)
    try own.start()
  }

  /// Podman's service keeps nothing: its container runs on, and the log is read on when it is back.
  @Test func `a podman that is killed under an attached container and comes back costs nothing`() throws {
    let own = try OwnEngine(.podman)
    let container = try own.real.container(
      "i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo tick$i; sleep 0.05; done; exit 4")
    let attachment = ContainerAttachment(own.real.access, container: container.identifier)
    let run = EngineRun()
    let id = try run.start(attachment.spec(), in: attachment)
    try run.waitForBytes(20, id)
    try own.kill()
    try own.start()
    let conclusion = try run.end(id)
    #expect(conclusion.outcome == Outcome(status: .exited(4)))
    #expect(conclusion.isWhole)
    #expect(run.text(.stdout, id) == (1...60).map { "tick\($0)\n" }.joined())
    try container.remove()
  }
}

import ExecEngine
import ExecModel
import TestSupport
import Testing

@testable import ContainerBoxes

/// A container's main process, from its first line to its exit code.
@Suite(.enabled(if: RealEngine.problem.isEmpty, "\(RealEngine.problem)"), .serialized, .timeLimit(.minutes(5)))
struct ContainerAttachmentTests {
  private static let flood = """
    i=0; while [ $i -lt 200 ]; do echo line$i; echo err$i >&2; i=$((i+1)); done; seq 1 20000; sleep 0.3; seq 1 20000; printf last; exit 7
    """

  private static func expected() -> String {
    let numbers = (1...20_000).map { "\($0)\n" }.joined()
    return (0..<200).map { "line\($0)\n" }.joined() + numbers + numbers + "last"
  }

  /// Docker stops to follow before the last lines now and then, Podman leaves lines out in the middle; both were seen.
  @Test(arguments: RealEngine.all, 0..<4)
  func `a running container's output is whole: replayed, live, and at the end`(_ real: RealEngine, turn: Int) throws {
    let container = try real.container(Self.flood)
    let run = EngineRun()
    let attachment = ContainerAttachment(real.access, container: container.identifier)
    let id = try run.start(attachment.spec(), in: attachment)
    let conclusion = try run.end(id)
    #expect(conclusion.outcome == Outcome(status: .exited(7)))
    #expect(conclusion.isWhole)
    #expect(run.text(.stdout, id) == Self.expected())
    #expect(run.text(.stderr, id) == (0..<200).map { "err\($0)\n" }.joined())
  }

  @Test(arguments: RealEngine.all)
  func `a container that is over is read to its end`(_ real: RealEngine) throws {
    let container = try real.container("echo out; echo err >&2; printf tail; exit 3")
    try container.waitForEnd()
    let run = EngineRun()
    let attachment = ContainerAttachment(real.access, container: container.identifier)
    let id = try run.start(attachment.spec(), in: attachment)
    #expect(try run.end(id).outcome == Outcome(status: .exited(3)))
    #expect(run.text(.stdout, id) == "out\ntail")
    #expect(run.text(.stderr, id) == "err\n")
  }

  @Test(arguments: RealEngine.all)
  func `a terminal's container has one stream`(_ real: RealEngine) throws {
    let container = try real.container("echo out; echo err >&2; sleep 0.2; exit 4", terminal: true)
    let run = EngineRun()
    let attachment = ContainerAttachment(real.access, container: container.identifier)
    #expect(try attachment.spec().terminal != nil)
    #expect(attachment.capabilities.isSuperset(of: [.signals, .resize, .outlives]))
    let id = try run.start(attachment.spec(), in: attachment)
    #expect(try run.end(id).outcome == Outcome(status: .exited(4)))
    #expect(run.text(.stdout, id) == "out\r\nerr\r\n")
  }

  @Test(arguments: RealEngine.all)
  func `output comes while the container runs, and a signal reaches its main process`(_ real: RealEngine) throws {
    let container = try real.container("trap 'echo got; exit 5' TERM; echo up; while :; do sleep 0.1; done")
    let run = EngineRun()
    let attachment = ContainerAttachment(real.access, container: container.identifier)
    let id = try run.start(attachment.spec(), in: attachment)
    try run.waitForBytes(3, id)
    try run.engine.signal(id, .terminate)
    #expect(try run.end(id).outcome == Outcome(status: .exited(5)))
    #expect(run.text(.stdout, id) == "up\ngot\n")
  }

  @Test(arguments: RealEngine.all)
  func `a container that is missing or was never started is reported`(_ real: RealEngine) throws {
    let missing = #expect(throws: BoxError.self) { try ContainerAttachment(real.access, container: "nowhere").spec() }
    #expect(missing?.description.lowercased().contains("no such container") == true)
    let container = try real.container("true", starts: false)
    let fresh = #expect(throws: BoxError.self) {
      try ContainerAttachment(real.access, container: container.identifier).spec()
    }
    #expect(fresh?.description.contains("never started") == true)
  }
}

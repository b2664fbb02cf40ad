import ExecEngine
import ExecModel
import Glibc
import JSON
import Synchronization
import TestSupport
import Testing

@testable import ContainerBoxes

/// Commands that others run in containers, on the real engines; the other is a client of its own.
@Suite(.enabled(if: RealEngine.problem.isEmpty, "\(RealEngine.problem)"), .serialized, .timeLimit(.minutes(5)))
struct OtherExecTests {
  /// What a watch has told.
  private final class Found: Sendable {
    let execs = Mutex<[ExecAttachment]>([])
    let gate = Gate()
    let end = Gate()

    func start(_ watch: ExecWatch) throws {
      try watch.start(
        found: { exec in
          self.execs.withLock { $0.append(exec) }
          self.gate.open()
        }, ended: { _ in self.end.open() })
    }
  }

  /// Starts a command as another client would, and lets it run on.
  private func other(
    _ script: String, in container: TestContainer, terminal: Bool = false
  ) throws -> String {
    let client = container.client
    let made = try client.call(
      client.send(
        .post(
          "/containers/\(container.identifier)/exec",
          .object([
            "Cmd": .array(["sh", "-c", script].map(JSONValue.string)), "Tty": .bool(terminal),
            "AttachStdout": .bool(true), "AttachStderr": .bool(true),
          ]))))
    let identifier = try #require(made.json?["Id"]?.string)
    _ = try client.call(client.send(.post("/exec/\(identifier)/start", .object(["Detach": .bool(true)]))))
    return identifier
  }

  /// It waits for a file, so that a test decides when it goes on.
  private static let patient = """
    while [ ! -e /tmp/go ]; do sleep 0.05; done; seq 1 5000; echo err >&2; printf last; exit 7
    """

  private func go(_ container: TestContainer) throws { _ = try other("touch /tmp/go", in: container) }

  @Test func `on Docker another client's command is shown with its end, its code and the reason for missing output`()
    throws
  {
    let real = try RealEngine.of(.docker)
    let container = try real.container("exec sleep 1000")
    let identifier = try other(Self.patient, in: container)
    let exec = ExecAttachment(real.access, container: container.identifier, exec: identifier)
    #expect(try exec.spec().command == ["sh", "-c", Self.patient])
    let run = EngineRun()
    let id = try run.start(exec.spec(), in: exec)
    #expect((try run.engine.usage(id)?.memory ?? 0) > 0)
    try go(container)
    let conclusion = try run.end(id)
    #expect(conclusion.outcome == Outcome(status: .exited(7), truncated: .both))
    #expect(conclusion.unproven == .both)
    #expect(exec.hiddenOutput == OutputGap.unreachable.words)
  }

  @Test func `on Podman it is read from the attach on, by several at once, to its last byte and its code`() throws {
    let real = try RealEngine.of(.podman)
    let container = try real.container("exec sleep 1000")
    let identifier = try other(Self.patient, in: container)
    let runs = (0..<3).map { _ in EngineRun() }
    let exec = ExecAttachment(real.access, container: container.identifier, exec: identifier)
    let ids = try runs.map { try $0.start(exec.spec(), in: exec) }
    try go(container)
    for (run, id) in zip(runs, ids) {
      let conclusion = try run.end(id)
      #expect(conclusion.outcome == Outcome(status: .exited(7)))
      // What came before the attach is not known.
      #expect(conclusion.unproven == .both)
      #expect(run.text(.stdout, id) == (1...5000).map { "\($0)\n" }.joined() + "last")
      #expect(run.text(.stderr, id) == "err\n")
    }
    #expect(exec.hiddenOutput == nil)
  }

  @Test func `a terminal's command has one stream`() throws {
    let real = try RealEngine.of(.podman)
    let container = try real.container("exec sleep 1000")
    let identifier = try other(Self.patient, in: container, terminal: true)
    let run = EngineRun()
    let exec = ExecAttachment(real.access, container: container.identifier, exec: String(identifier.prefix(12)))
    let id = try run.start(exec.spec(), in: exec)
    try go(container)
    #expect(try run.end(id).outcome == Outcome(status: .exited(7)))
    #expect(run.text(.stdout, id).hasSuffix("\r\n5000\r\nerr\r\nlast"))
  }

  @Test(arguments: RealEngine.all)
  func `a signal reaches it, and a release does not end it`(_ real: RealEngine) throws {
    let container = try real.container("exec sleep 1000")
    let identifier = try other("trap 'exit 9' TERM; while :; do sleep 0.05; done", in: container)
    let exec = ExecAttachment(real.access, container: container.identifier, exec: identifier)
    let run = EngineRun()
    let left = try run.start(exec.spec(), in: exec)
    try run.engine.detach(left)
    #expect(try run.end(left).outcome.status == .detached)
    let id = try run.start(exec.spec(), in: exec)
    try run.engine.signal(id, .terminate)
    #expect(try run.end(id).outcome.status == .exited(9))
  }

  @Test(arguments: RealEngine.all)
  func `a watch finds what runs and what starts, our own commands left out, until the container ends`(
    _ real: RealEngine
  ) throws {
    let container = try real.container("exec sleep 1000")
    let running = try other("exec sleep 1000", in: container)
    let watch = ExecWatch(real.access, container: container.identifier)
    let found = Found()
    try found.start(watch)
    try #require(found.gate.wait())
    let run = EngineRun()
    let own = try run.start("echo own", in: ContainerBox(real.access, container: container.identifier))
    _ = try run.end(own)
    let later = try other("exec sleep 1001", in: container)
    while found.execs.withLock({ $0.count }) < 2 { poll(nil, 0, 10) }
    #expect(found.execs.withLock { Set($0.map(\.place)) } == Set([running, later].map { place($0, real, container) }))
    try container.remove()
    #expect(found.end.wait())
    #expect(found.execs.withLock { $0.count } == 2)
  }

  private func place(_ exec: String, _ real: RealEngine, _ container: TestContainer) -> String {
    "\(real.kind.rawValue):\(container.identifier)/\(exec.prefix(12))"
  }

  /// The output comes from conmon, and the exit code from its note.
  @Test func `a podman service that is killed under a watched command costs nothing`() throws {
    let engine = try OwnEngine(.podman)
    let container = try engine.real.container("exec sleep 1000")
    let identifier = try other(Self.patient, in: container)
    let run = EngineRun()
    let exec = ExecAttachment(engine.real.access, container: container.identifier, exec: identifier)
    let id = try run.start(exec.spec(), in: exec)
    try go(container)
    try run.waitForBytes(1, id)
    try engine.kill()
    #expect(try run.end(id).outcome == Outcome(status: .exited(7)))
    #expect(run.text(.stdout, id).hasSuffix("\n5000\nlast"))
    try engine.start()
  }

  @Test(arguments: RealEngine.all)
  func `a missing command is reported in one line`(_ real: RealEngine) throws {
    let container = try real.container("exec sleep 1000")
    let error = #expect(throws: BoxError.self) {
      try ExecAttachment(real.access, container: container.identifier, exec: "cafe").spec()
    }
    #expect(error?.description.contains("'cafe'") == true)
  }

  @Test(arguments: RealEngine.all)
  func `a container tells what it uses, and what a command in it does`(_ real: RealEngine) throws {
    let container = try real.container("exec sleep 1000")
    let box = ContainerBox(real.access, container: container.identifier)
    let run = EngineRun()
    let id = try run.start("while :; do echo; sleep 0.01; done", in: box)
    try run.waitForBytes(10, id)
    let (command, whole) = (try #require(try run.engine.usage(id)), try #require(box.usage()))
    #expect((command.memory ?? 0) > 0 && command.processorNanoseconds != nil)
    #expect((whole.memory ?? 0) > 0 && (whole.processorNanoseconds ?? 0) > 0)
    try container.remove()
    _ = try run.end(id)
    #expect(box.usage() == nil)
  }
}

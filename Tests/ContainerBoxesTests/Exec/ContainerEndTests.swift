import ExecEngine
import ExecModel
import TestSupport
import Testing

@testable import ContainerBoxes

/// Ends that are not the ordinary one, on the real engines.
@Suite(.enabled(if: RealEngine.problem.isEmpty, "\(RealEngine.problem)"), .serialized, .timeLimit(.minutes(5)))
struct ContainerEndTests {
  @Test(arguments: RealEngine.all)
  func `a stream that a grandchild still holds is cut by the engine, and named`(_ real: RealEngine) throws {
    let run = EngineRun()
    // It ends when its process has been looked at, which is when it is known to have begun.
    let id = try run.start(
      "sleep 20 2>/dev/null & echo early; echo err >&2; read x; exit 6", in: real.box, input: .pipe)
    try run.engine.closeInput(id)
    let conclusion = try run.end(id)
    #expect(conclusion.outcome == Outcome(status: .exited(6), truncated: .stdout))
    #expect(run.text(.stdout, id) == "early\n")
    #expect(run.text(.stderr, id) == "err\n")
  }

  @Test(arguments: RealEngine.all)
  func `the grandchild is named while the engine still waits for it`(_ real: RealEngine) throws {
    let run = EngineRun()
    let id = try run.start("sleep 21 2>/dev/null & sleep 0.5; echo early; sleep 20", in: real.box)
    try run.waitForBytes(6, id)
    let holders = try run.engine.holders(id)
    #expect(holders.contains { $0.command == "sleep 21" && $0.streams == .stdout })
    try run.engine.forceClose(id)
    #expect(try run.end(id).outcome.status == .forceClosed)
  }

  @Test(arguments: RealEngine.all)
  func `a force-close while a grandchild holds the stream comes to an end`(_ real: RealEngine) throws {
    let run = EngineRun()
    let id = try run.start("trap '' TERM; (sleep 22) & echo early; exit 0", in: real.box)
    try run.waitForBytes(6, id)
    try? run.engine.forceClose(id)
    _ = try run.end(id)
    #expect(run.text(.stdout, id) == "early\n")
  }

  @Test(arguments: RealEngine.all)
  func `a container that is stopped under a command ends it, whole`(_ real: RealEngine) throws {
    let container = try real.container("exec sleep 1000")
    let run = EngineRun()
    let id = try run.start("echo here; exec sleep 1000", in: ContainerBox(real.access, container: container.identifier))
    try run.waitForBytes(5, id)
    try container.post("stop?t=0")
    let conclusion = try run.end(id)
    #expect([.exited(137), .lost].contains(conclusion.outcome.status))
    #expect(conclusion.isWhole == (conclusion.outcome.status != .lost))
    #expect(run.text(.stdout, id) == "here\n")
  }

  @Test(arguments: RealEngine.all)
  func `a full disk inside the container is the command's own trouble, told whole`(_ real: RealEngine) throws {
    let container = try real.container("exec sleep 1000", smallFolder: "/small")
    let run = EngineRun()
    let script = "seq 1 1000; dd if=/dev/zero of=/small/x bs=64k count=9 || { echo kept going; exit 8; }"
    let id = try run.start(script, in: ContainerBox(real.access, container: container.identifier))
    let conclusion = try run.end(id)
    #expect(conclusion.outcome == Outcome(status: .exited(8)))
    #expect(conclusion.isWhole)
    #expect(run.text(.stdout, id) == (1...1000).map { "\($0)\n" }.joined() + "kept going\n")
    #expect(run.text(.stderr, id).contains("No space left on device"))
  }

  @Test(arguments: RealEngine.all)
  func `a container that is removed under a command is an end with a name`(_ real: RealEngine) throws {
    let container = try real.container("exec sleep 1000")
    let run = EngineRun()
    let id = try run.start("echo here; exec sleep 1000", in: ContainerBox(real.access, container: container.identifier))
    try run.waitForBytes(5, id)
    try container.remove()
    let conclusion = try run.end(id)
    #expect([.exited(137), .lost].contains(conclusion.outcome.status))
    #expect(conclusion.isWhole == (conclusion.outcome.status != .lost))
  }

  @Test(arguments: RealEngine.all)
  func `a paused container stops its commands and loses nothing`(_ real: RealEngine) throws {
    let container = try real.container("exec sleep 1000")
    let box = ContainerBox(real.access, container: container.identifier)
    let run = EngineRun()
    let id = try run.start("echo one; read x; echo two; exit 3", in: box, input: .pipe)
    try run.waitForBytes(4, id)
    try container.post("pause")
    let error = #expect(throws: BoxError.self) {
      try box.start(ExecutionSpec(command: ["true"]), reportingTo: NoSink())
    }
    #expect(error?.failure == .box)
    #expect(error?.description.contains("\n") == false)
    try run.engine.write(id, Array("\n".utf8)) { _ in }
    try container.post("unpause")
    #expect(try run.end(id).outcome == Outcome(status: .exited(3)))
    #expect(run.text(.stdout, id) == "one\ntwo\n")
  }

  @Test(arguments: RealEngine.all)
  func `a missing or stopped container is reported with the engine's message`(_ real: RealEngine) throws {
    let spec = ExecutionSpec(command: ["true"])
    let missing = #expect(throws: BoxError.self) {
      try ContainerBox(real.access, container: "nowhere").start(spec, reportingTo: NoSink())
    }
    #expect(missing?.failure == .box)
    #expect(missing?.description.lowercased().contains("no such container") == true)
    let container = try real.container("true", starts: false)
    let stopped = #expect(throws: BoxError.self) {
      try ContainerBox(real.access, container: container.identifier).start(spec, reportingTo: NoSink())
    }
    #expect(stopped?.failure == .box)
    #expect(stopped?.description.contains("running") == true)
  }

  @Test(arguments: RealEngine.all)
  func `the box's user is used where the command names none, and a missing user is reported`(_ real: RealEngine) throws
  {
    let run = EngineRun()
    let box = ContainerBox(real.access, container: "boxwatch-conformance", user: "nobody")
    let id = try run.start("id -un", in: box)
    #expect(try run.end(id).outcome == Outcome(status: .exited(0)))
    #expect(run.text(.stdout, id) == "nobody\n")
    let other = ExecutionSpec(command: ["id", "-u"], user: "0")
    let root = try run.start(other, in: box)
    #expect(try run.end(root).outcome == Outcome(status: .exited(0)))
    #expect(run.text(.stdout, root) == "0\n")
    let error = #expect(throws: BoxError.self) {
      try ContainerBox(real.access, container: "boxwatch-conformance", user: "who").start(
        ExecutionSpec(command: ["true"]), reportingTo: NoSink())
    }
    let isNamed = error?.description.contains("'who'") == true || error?.description.contains("user who") == true
    #expect(isNamed, "\(error.debugDescription)")
  }

  @Test(arguments: RealEngine.all, [125, 126, 127])
  func `an ordinary command that ends like a failed start stays what it is`(_ real: RealEngine, code: Int32) throws {
    let run = EngineRun()
    let id = try run.start("echo 'Error: nothing found' >&2; exit \(code)", in: real.box)
    #expect(try run.end(id).outcome == Outcome(status: .exited(code)))
    #expect(run.text(.stderr, id) == "Error: nothing found\n")
  }

  @Test(arguments: RealEngine.all)
  func `a signal goes through the container where the process is not on this host`(_ real: RealEngine) throws {
    let client = try real.access.client()
    let mark = EnvironmentVariable(name: "BOXWATCH_EXEC", value: "here-\(real.kind.rawValue)")
    let run = EngineRun()
    var spec = ExecutionSpec(command: [
      "sh", "-c", "trap 'echo got; exit 4' TERM; echo up; while :; do sleep 0.1; done",
    ])
    spec.environment = [mark]
    let id = try run.start(spec, in: real.box)
    try run.waitForBytes(3, id)
    try SignalRoute(client: client, container: "boxwatch-conformance", mark: mark).send(.terminate, to: nil)
    #expect(try run.end(id).outcome == Outcome(status: .exited(4)))
    #expect(run.text(.stdout, id) == "up\ngot\n")
  }
}

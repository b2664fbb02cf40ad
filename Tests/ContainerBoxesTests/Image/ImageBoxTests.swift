import ExecEngine
import ExecModel
import JSON
import TestSupport
import Testing

@testable import ContainerBoxes

/// Throw-away containers.
@Suite(.enabled(if: RealEngine.problem.isEmpty, "\(RealEngine.problem)"), .serialized, .timeLimit(.minutes(5)))
struct ImageBoxTests {
  private static func box(_ real: RealEngine) -> ImageBox { ImageBox(real.access, image: real.image) }

  /// The throw-away containers that the engine still has.
  private static func left(_ real: RealEngine) throws -> Int {
    let client = try real.access.client()
    let filter = EngineRequest.escaped(#"{"label":["boxwatch=throw-away"]}"#)
    return try client.call(client.send(.get("/containers/json?all=1&filters=\(filter)"))).json?.array.count ?? -1
  }

  @Test(arguments: RealEngine.all)
  func `a command runs whole in a container of its own, which is gone afterwards`(_ real: RealEngine) throws {
    let run = EngineRun()
    let id = try run.start("echo out; echo err >&2; seq 1 50000; printf last; exit 3", in: Self.box(real))
    #expect(try run.end(id).outcome == Outcome(status: .exited(3)))
    #expect(run.text(.stdout, id) == "out\n" + (1...50_000).map { "\($0)\n" }.joined() + "last")
    #expect(run.text(.stderr, id) == "err\n")
    var polls = 0
    while (try Self.left(real)) > 0, polls < 2000 { polls += 1 }
    #expect(try Self.left(real) == 0)
  }

  @Test(arguments: RealEngine.all)
  func `its input ends where it is closed`(_ real: RealEngine) throws {
    let run = EngineRun()
    let id = try run.start("cat; echo over", in: Self.box(real), input: .pipe)
    try run.engine.write(id, Array("typed\n".utf8)) { _ in }
    try run.engine.closeInput(id)
    #expect(try run.end(id).outcome == Outcome(status: .exited(0)))
    #expect(run.text(.stdout, id) == "typed\nover\n")
  }

  @Test(arguments: RealEngine.all)
  func `another user is used, and a missing user is reported`(_ real: RealEngine) throws {
    let run = EngineRun()
    let id = try run.start(ExecutionSpec(command: ["id", "-un"], user: "nobody"), in: Self.box(real))
    #expect(try run.end(id).outcome == Outcome(status: .exited(0)))
    #expect(run.text(.stdout, id) == "nobody\n")
    let missing = #expect(throws: BoxError.self) {
      try Self.box(real).start(ExecutionSpec(command: ["true"], user: "who"), reportingTo: NoSink())
    }
    #expect(missing?.failure == .box && missing?.description.contains("who") == true, "\(missing.debugDescription)")
  }

  @Test(arguments: RealEngine.all)
  func `a force-close ends and removes it`(_ real: RealEngine) throws {
    let run = EngineRun()
    let id = try run.start("echo up; exec sleep 1000", in: Self.box(real))
    try run.waitForBytes(3, id)
    try run.engine.forceClose(id)
    #expect(try run.end(id).outcome.status == .forceClosed)
  }

  @Test(arguments: RealEngine.all)
  func `a missing image, command and directory have different errors`(_ real: RealEngine) throws {
    let image = #expect(throws: BoxError.self) {
      try ImageBox(real.access, image: "localhost/nowhere").start(
        ExecutionSpec(command: ["true"]), reportingTo: NoSink())
    }
    #expect(image?.failure == .box)
    #expect(image?.description.contains("'localhost/nowhere'") == true)
    let command = #expect(throws: BoxError.self) {
      try Self.box(real).start(ExecutionSpec(command: ["no-such-command"]), reportingTo: NoSink())
    }
    #expect(command?.failure == .notFound, "\(command.debugDescription)")
    #expect(command?.description.contains("'no-such-command'") == true)
  }
}

import ExecEngine
import ExecModel
import Journal
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import boxwatch

@Suite struct BackgroundStartTests {
  private func engine(_ folder: ScratchFolder) -> Engine { Engine(stateDirectory: folder.path) }

  @Test func `the execution is there before its box has answered`() throws {
    let folder = ScratchFolder()
    let engine = engine(folder)
    let gate = Gate()
    let reached = Gate()
    let ended = Gate()
    let box = ScriptedBox { _ in
      reached.open()
      gate.wait()
    }
    let (id, subscription) = try BackgroundStart.start(ExecutionSpec(command: ["x"]), in: box, engine)
    #expect(try engine.snapshot(id).conclusion == nil && subscription.journal.identity.id == id)
    try engine.wait(id) { _ in ended.open() }
    // The journal is there before the other thread has come as far as the box.
    #expect(reached.wait())
    gate.open()
    try engine.forceClose(id)
    box.sink.endOfStream(.stdout)
    box.sink.endOfStream(.stderr)
    box.sink.exited(.exited(0))
    #expect(ended.wait())
  }

  @Test func `a box that cannot start the command reports it by the execution's end`() throws {
    let folder = ScratchFolder()
    let engine = engine(folder)
    let ended = Gate()
    let box = ScriptedBox(failure: BoxError(.box, "the server is gone"))
    let (id, _) = try BackgroundStart.start(ExecutionSpec(command: ["x"]), in: box, engine)
    try engine.wait(id) { _ in ended.open() }
    #expect(ended.wait())
    #expect(try engine.snapshot(id).startError == "the server is gone")
  }

  @Test func `without a folder for journals it fails at once`() throws {
    let engine = Engine(stateDirectory: "/proc/none")
    #expect(throws: (any Error).self) {
      try BackgroundStart.start(ExecutionSpec(command: ["x"]), in: ScriptedBox(), engine)
    }
  }

  @Test func `our own starts are recognized, on any thread`() throws {
    let folder = ScratchFolder()
    let engine = engine(folder)
    let seen = Mutex<[Bool]>([])
    engine.watchStarts { _ in seen.withLock { $0.append(OwnStart.isUnderWay) } }
    _ = try BackgroundStart.start(ExecutionSpec(command: ["x"]), in: ScriptedBox(), engine)
    try engine.start(ExecutionSpec(command: ["x"]), in: ScriptedBox())
    #expect(seen.withLock { $0 } == [true, false])
  }
}

import ExecEngine
import ExecModel
import HostBoxes
import Journal
import TestSupport
import Testing

/// A real engine with the local box on a scratch folder.
struct LocalRun {
  let folder = ScratchFolder()
  let engine: Engine
  let box = LocalBox()

  init() { engine = Engine(stateDirectory: folder.path) }

  /// Starts a shell script.
  func start(
    _ script: String, drain: DrainPolicy = .untilEndOfStream, keep: JournalLimit = .standard
  ) throws -> ExecutionID {
    try engine.start(ExecutionSpec(command: ["/bin/sh", "-c", script], drain: drain, keep: keep), in: box)
  }

  /// Waits for an execution's end on this thread.
  func end(_ id: ExecutionID) throws -> Conclusion {
    let gate = Gate()
    try engine.wait(id) { _ in gate.open() }
    try #require(gate.wait(), "no end within a minute")
    return try #require(try engine.snapshot(id).conclusion)
  }

  /// Everything that a fresh subscriber reads of an execution that is over.
  func record(_ id: ExecutionID) throws -> ReadRecord {
    let subscription = try engine.attach(id)
    return try ReadRecord(subscription)
  }
}

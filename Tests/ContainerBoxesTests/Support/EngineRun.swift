import ExecEngine
import ExecModel
import Journal
import SystemPackage
import TestSupport
import Testing

@testable import ContainerBoxes

/// boxwatch's own engine on a scratch folder, for commands in containers.
struct EngineRun {
  let folder = ScratchFolder()
  let engine: Engine

  init() { engine = Engine(stateDirectory: folder.path) }

  func start(
    _ script: String, in box: any Box, input: ExecutionSpec.Input = .closed, terminal: TerminalSize? = nil
  ) throws -> ExecutionID {
    try start(ExecutionSpec(command: ["sh", "-c", script], input: input, terminal: terminal), in: box)
  }

  func start(_ spec: ExecutionSpec, in box: any Box) throws -> ExecutionID { try engine.start(spec, in: box) }

  /// Waits for the end on this thread.
  func end(_ id: ExecutionID) throws -> Conclusion {
    let gate = Gate()
    try engine.wait(id) { _ in gate.open() }
    try #require(gate.wait(), "no end within a minute")
    return try #require(try engine.snapshot(id).conclusion)
  }

  /// Reads until a stream has so many bytes, or the record ends.
  func waitForBytes(_ count: UInt64, of stream: ExecStream = .stdout, _ id: ExecutionID) throws {
    let subscription = try engine.attach(id)
    let wake = WakeUp()
    var seen: UInt64 = 0
    while seen < count, !subscription.hasEnded {
      let events = try subscription.poll()
      for event in events {
        if case .output(stream, let range, _, _) = event.event { seen = range.upperBound }
      }
      if events.isEmpty, subscription.arm({ wake.signal() }) { wake.wait() }
    }
    try #require(seen >= count)
  }

  func bytes(_ stream: ExecStream, _ id: ExecutionID) -> [UInt8] {
    SmallFile.read(engine.journalDirectory(id).appending(stream.name).string, atMost: 64 << 20) ?? []
  }

  func text(_ stream: ExecStream, _ id: ExecutionID) -> String { String(decoding: bytes(stream, id), as: UTF8.self) }
}

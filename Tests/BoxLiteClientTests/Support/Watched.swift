import ExecEngine
import ExecModel
import Journal
import TestSupport

@testable import BoxLiteClient

/// An engine of the test's own, and what it recorded of each command.
final class Watched: Sendable {
  /// One command, whole.
  struct Record {
    var stdout: [UInt8] = []
    var stderr: [UInt8] = []
    var gaps: [OutputGap] = []
    var places: [UInt64] = []
    let conclusion: Conclusion?
    let startError: String?

    var text: String { String(decoding: stdout, as: UTF8.self) }
    var status: ExitStatus? { conclusion?.outcome.status }
  }

  let engine: Engine
  private let folder = ScratchFolder()

  init() { engine = Engine(stateDirectory: folder.path) }

  /// Runs a command to its end.
  func run(_ spec: ExecutionSpec, in box: any Box, seconds: Int32 = 60) throws -> Record {
    try record(try engine.start(spec, in: box), seconds: seconds)
  }

  func run(_ words: String..., in box: any Box) throws -> Record { try run(ExecutionSpec(command: words), in: box) }

  /// Waits until so many bytes of the output are recorded.
  func waitForOutput(_ id: ExecutionID, _ count: UInt64, of stream: ExecStream = .stdout) throws {
    let subscription = try engine.attach(id)
    defer { subscription.cancel() }
    let awake = WakeUp()
    while try engine.snapshot(id).bytes[stream] < count {
      _ = try subscription.poll()
      if subscription.arm({ awake.signal() }) { awake.wait() }
    }
  }

  /// Waits for a command's end, and reads its record.
  func record(_ id: ExecutionID, seconds: Int32 = 60) throws -> Record {
    let gate = Gate()
    try engine.wait(id) { _ in gate.open() }
    let hasEnded = gate.wait(seconds: seconds)
    let snapshot = try engine.snapshot(id)
    let subscription = try engine.attach(id)
    defer { subscription.cancel() }
    var record = Record(conclusion: hasEnded ? snapshot.conclusion : nil, startError: snapshot.startError)
    var (stdout, stderr) = (StreamCollector(.stdout), StreamCollector(.stderr))
    while case let events = try subscription.poll(), !events.isEmpty {
      for event in events {
        try stdout.take(event, subscription.journal)
        try stderr.take(event, subscription.journal)
        if case .gap(_, let place, let gap) = event.event {
          record.gaps.append(gap)
          record.places.append(place)
        }
      }
    }
    (record.stdout, record.stderr) = (stdout.bytes, stderr.bytes)
    return record
  }
}

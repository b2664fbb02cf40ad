import ExecModel
import Journal
import SystemPackage
import TestSupport
import Testing

/// A journal that a test writes as an execution would: stores a chunk, then publishes it.
struct TestJournal {
  let folder: ScratchFolder
  let directory: FilePath
  let writer: JournalWriter
  let spec: ExecutionSpec
  var counts = PerStream<UInt64>()
  var lines = PerStream<UInt64>()
  var published: [ExecutionEvent] = []

  init(keep: JournalLimit = .all, terminal: TerminalSize? = nil, in parent: String = "/tmp") throws {
    folder = ScratchFolder(in: parent)
    directory = folder.path.appending("20261124-055827-412-k3f9")
    spec = ExecutionSpec(command: ["sh", "-c", "echo \"ä\u{1}\n\""], terminal: terminal, keep: keep)
    writer = try JournalWriter(creating: directory, identity: try Self.identity(), spec: spec)
  }

  static func identity(_ id: String = "20261124-055827-412-k3f9", created: UInt64 = 7) throws -> JournalIdentity {
    JournalIdentity(id: try #require(ExecutionID(id)), box: "local", created: created, watcher: 4711)
  }

  func reader() throws -> JournalReader { try JournalReader(opening: directory) }

  /// Stores and publishes; returns why not all was taken.
  @discardableResult
  mutating func output(_ stream: ExecStream, _ bytes: [UInt8]) -> Errno? {
    let result = writer.store(stream, bytes.span.bytes)
    let start = counts[stream]
    counts[stream] += UInt64(result.taken)
    lines[stream] += result.newlines
    guard result.taken > 0 else { return result.error }
    publish(.output(stream, range: start..<counts[stream], lines: lines[stream], endsLine: result.endsLine))
    return result.error
  }

  mutating func publish(_ event: ExecutionEvent) {
    let error = writer.publish(event, at: UInt64(published.count) * 10)
    #expect(error == nil, "\(event) was not written: \(String(describing: error))")
    if error == nil { published.append(event) }
  }

  /// Evicts as the engine does: plan and announce, then punch.
  @discardableResult
  mutating func evict(limit: UInt64, retainingFrom sequence: UInt64? = nil) -> EvictionPlan? {
    guard let plan = writer.planEviction(limit: limit, retainingFrom: sequence) else { return nil }
    for event in plan.events { publish(event) }
    writer.evict(plan)
    return plan
  }
}

extension JournalReader {
  /// Reads exactly `range`, or nil when it is evicted or too short.
  func bytes(_ stream: ExecStream, _ range: Range<UInt64>) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0xEE, count: Int(range.upperBound - range.lowerBound))
    let result = try bytes.withUnsafeMutableBytes { try read(stream, at: range.lowerBound, into: $0) }
    return result == .bytes(bytes.count) ? bytes : nil
  }
}

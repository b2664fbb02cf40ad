import BoxLiteWire
import ExecEngine
import ExecModel

/// Takes an engine's stream of events apart: one JSON object to a line.
///
/// It is used on one event loop only.
final class EventLines: ExecutionSink, @unchecked Sendable {
  // Unchecked: both are touched on the loop of the connection alone, by the `FrameStream` that reports there.
  var take: (JSONValue) -> Void = { _ in }
  private var rest: [UInt8] = []

  /// No event of an engine is that large.
  private static let largest = 1 << 20

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    rest += bytes.withUnsafeBytes { Array($0) }
    let lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for line in lines.dropLast() { parse(line) }
    rest = Array(lines.last ?? [])
    // Podman may leave the line break out behind the last one.
    if rest.last == UInt8(ascii: "}"), parse(rest[...]) { rest = [] }
    if rest.count > Self.largest { rest = [] }
    return bytes.byteCount
  }

  @discardableResult
  private func parse(_ line: ArraySlice<UInt8>) -> Bool {
    guard let event = try? JSONValue(parsing: Array(line)) else { return false }
    take(event)
    return true
  }

  func started(processIdentifier: Int32?) {}
  func gap(_ stream: ExecStream, _ gap: OutputGap) {}
  func endOfStream(_ stream: ExecStream) {}
  func emptied(_ stream: ExecStream) {}
  func exited(_ status: ExitStatus) {}
  func connectionLost() {}
}

import ExecEngine
import ExecModel
import Synchronization

/// How much of one stream of a log was delivered, and whether a later read of the log starts with
/// the same bytes.
///
/// Engines that follow a log omit lines: at the end (Docker), or anywhere (Podman). Only a read
/// from the beginning is complete; the part already delivered is skipped. A log that was rotated
/// meanwhile starts with other bytes.
struct LogSeam: Hashable, Sendable {
  /// What to do with the next bytes of a read.
  enum Step: Hashable, Sendable {
    /// This many were already delivered.
    case known(Int)
    /// They are new.
    case new
    /// The log does not start as before: its continuation is unknown.
    case strange
  }

  private var count: UInt64 = 0
  private var hash = Self.start
  private var checked: UInt64 = 0
  private var check = Self.start

  // FNV-1a, 64 bits: two reads are compared, and an adversary gains nothing by an undetected
  // difference.
  private static let start: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let prime: UInt64 = 0x100_0000_01B3

  private static func fold(_ hash: UInt64, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
    bytes.reduce(hash) { ($0 ^ UInt64($1)) &* prime }
  }

  /// Starts another read of the log from its beginning.
  mutating func restart() { (checked, check) = (0, Self.start) }

  /// Examines the next bytes of a read.
  mutating func step(_ bytes: UnsafeRawBufferPointer) -> Step {
    guard checked < count else { return check == hash ? .new : .strange }
    let known = Int(min(UInt64(bytes.count), count - checked))
    check = Self.fold(check, UnsafeRawBufferPointer(rebasing: bytes[..<known]))
    checked += UInt64(known)
    return .known(known)
  }

  /// Records new bytes of this read that were delivered.
  mutating func handedOn(_ bytes: UnsafeRawBufferPointer) {
    count &+= UInt64(bytes.count)
    hash = Self.fold(hash, bytes)
    (checked, check) = (count, hash)
  }

  /// Whether this read contained everything that earlier ones did, byte for byte.
  var isProven: Bool { checked == count && check == hash }
}

/// Sits before the real sink, and passes only the new part of a log that is read repeatedly from
/// its beginning.
final class LogSink: ExecutionSink {
  private let sink: any ExecutionSink
  private let seams = Mutex<PerStream<LogSeam?>>([:])

  init(_ sink: any ExecutionSink) { self.sink = sink }

  /// The log is read from its beginning from now on.
  func beginAgain() {
    seams.withLock { seams in
      for stream in ExecStream.allCases { seams[stream]?.restart() }
    }
  }

  /// The streams of which this read lacked earlier bytes.
  func unproven(_ streams: StreamSet) -> StreamSet {
    seams.withLock { seams in
      seams.streams { $0?.isProven == false }.intersection(streams)
    }
  }

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    bytes.withUnsafeBytes { bytes in
      switch seams.withLock({ Self.step(&$0[stream], bytes) }) {
      case .known(let count): return count
      case .strange: return bytes.count
      case .new: return handOn(stream, bytes)
      }
    }
  }

  private static func step(_ seam: inout LogSeam?, _ bytes: UnsafeRawBufferPointer) -> LogSeam.Step {
    var next = seam ?? LogSeam()
    defer { seam = next }
    return next.step(bytes)
  }

  private func handOn(_ stream: ExecStream, _ bytes: UnsafeRawBufferPointer) -> Int {
    let taken = max(0, min(sink.output(stream, bytes.bytes), bytes.count))
    seams.withLock { $0[stream]?.handedOn(UnsafeRawBufferPointer(rebasing: bytes[..<taken])) }
    return taken
  }

  func started(processIdentifier: Int32?) { sink.started(processIdentifier: processIdentifier) }
  func gap(_ stream: ExecStream, _ gap: OutputGap) { sink.gap(stream, gap) }
  func endOfStream(_ stream: ExecStream) { sink.endOfStream(stream) }
  func emptied(_ stream: ExecStream) { sink.emptied(stream) }
  func failed(_ stream: ExecStream, errno: Int32) { sink.failed(stream, errno: errno) }
  func exited(_ status: ExitStatus) { sink.exited(status) }
  func connectionLost() { sink.connectionLost() }
}

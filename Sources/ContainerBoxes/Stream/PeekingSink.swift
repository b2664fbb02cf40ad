import ExecEngine
import ExecModel
import Synchronization

/// Keeps a copy of the first bytes of each stream, to look at them before they are handed on.
final class PeekingSink: ExecutionSink {
  private static let most = 8192

  private let bytes = Mutex<[ExecStream: [UInt8]]>([:])

  var stdout: [UInt8] { bytes.withLock { $0[.stdout] ?? [] } }
  var stderr: [UInt8] { bytes.withLock { $0[.stderr] ?? [] } }

  func output(_ stream: ExecStream, _ chunk: borrowing RawSpan) -> Int {
    let copy = chunk.withUnsafeBytes { Array($0.prefix(Self.most)) }
    bytes.withLock { bytes in
      let kept = bytes[stream] ?? []
      bytes[stream] = kept + copy.prefix(max(0, Self.most - kept.count))
    }
    return chunk.byteCount
  }

  func started(processIdentifier: Int32?) {}
  func gap(_ stream: ExecStream, _ gap: OutputGap) {}
  func endOfStream(_ stream: ExecStream) {}
  func emptied(_ stream: ExecStream) {}
  func exited(_ status: ExitStatus) {}
  func connectionLost() {}
}

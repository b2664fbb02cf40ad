import ExecEngine
import ExecModel
import Synchronization

/// Stands before the real sink: lets through only what is new of a log that is read again and again from its beginning.
final class LogSink: ExecutionSink {
  private let sink: any ExecutionSink
  private let seams = Mutex<[ExecStream: LogSeam]>([:])

  init(_ sink: any ExecutionSink) { self.sink = sink }

  /// From now on the log is read from its beginning.
  func beginAgain() {
    seams.withLock { seams in
      for stream in seams.keys { seams[stream]?.restart() }
    }
  }

  /// The streams of which this reading did not bring what earlier ones did.
  func unproven(_ streams: StreamSet) -> StreamSet {
    seams.withLock { seams in
      streams.streams.filter { !(seams[$0]?.isProven ?? true) }.reduce(into: StreamSet()) { $0.insert(StreamSet($1)) }
    }
  }

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    bytes.withUnsafeBytes { bytes in
      switch seams.withLock({ $0[stream, default: LogSeam()].step(bytes) }) {
      case .known(let count): return count
      case .strange: return bytes.count
      case .new: return handOn(stream, bytes)
      }
    }
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

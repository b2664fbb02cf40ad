public import ExecEngine
import ExecModel
import Synchronization

extension ReroutedBox {
  /// A box whose reaper always wins: output and ends of stream are held back until the exit has been reported.
  ///
  /// The order that loses output in other programs, made certain, with real processes behind it.
  public static func exitFirst(_ box: any Box) -> ReroutedBox { ReroutedBox(box) { sink, _ in HoldingSink(sink) } }
}

/// Holds reports back until the exit was passed on; then gives them in their order.
private final class HoldingSink: ExecutionSink {
  private enum Report: Sendable {
    case output(ExecStream, [UInt8])
    case end(ExecStream)
    case emptied(ExecStream)
  }

  private let sink: any ExecutionSink
  /// Nil once the exit was passed on; passing on happens under the lock, so that a stream stays in order.
  private let held = Mutex<[Report]?>([])

  init(_ sink: any ExecutionSink) { self.sink = sink }

  func started(processIdentifier: Int32?) { sink.started(processIdentifier: processIdentifier) }

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    let copy = bytes.withUnsafeBytes { Array($0) }
    take(.output(stream, copy))
    return copy.count
  }

  func endOfStream(_ stream: ExecStream) { take(.end(stream)) }

  func emptied(_ stream: ExecStream) { take(.emptied(stream)) }

  func failed(_ stream: ExecStream, errno: Int32) { sink.failed(stream, errno: errno) }

  func gap(_ stream: ExecStream, _ gap: OutputGap) { sink.gap(stream, gap) }

  func connectionLost() { sink.connectionLost() }

  func exited(_ status: ExitStatus) {
    held.withLock { held in
      sink.exited(status)
      for report in held ?? [] { pass(report) }
      held = nil
    }
  }

  private func take(_ report: Report) {
    held.withLock { held in
      if held == nil { pass(report) } else { held?.append(report) }
    }
  }

  private func pass(_ report: Report) {
    switch report {
    case .output(let stream, let bytes): sink.output(stream, bytes: bytes)
    case .end(let stream): sink.endOfStream(stream)
    case .emptied(let stream): sink.emptied(stream)
    }
  }
}

import ExecEngine
import ExecModel
import Synchronization

/// The process of an exec that somebody else started: it takes no input and has no size of ours.
protocol WatchedExec: BoxProcess {
  var exec: OtherExec { get }
  var sink: any ExecutionSink { get }
  /// Whether its end was reported, or nobody wants it any more.
  var isOver: Bool { get }
}

extension WatchedExec {
  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) { completion(.closed) }

  func closeInput() {}

  func signal(_ signal: Signal) throws(SignalError) {
    guard !isOver else { throw .ended }
    try exec.signal(signal)
  }

  func resize(_ size: TerminalSize) {}

  func emptyStreams(_ streams: StreamSet) {
    for stream in streams.streams { sink.emptied(stream) }
  }

  func holders(of streams: StreamSet) -> [PipeHolder] { exec.process?.holders(of: streams) ?? [] }

  func usage() -> ResourceUsage? { exec.process?.usage() }
}

import BoxLiteWire
import ExecEngine
import ExecModel

/// A command on a BoxLite server, as the engine drives it; no method waits for the server.
struct BoxLiteProcess: BoxProcess {
  let session: AttachSession

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) {
    session.write(bytes, completion)
  }

  func closeInput() { session.closeInput() }

  func signal(_ signal: Signal) throws(SignalError) {
    guard !session.hasEnded else { throw .ended }
    if signal == .kill { return session.kill() }
    guard SignalBody.standard.contains(signal.number) else { throw .unsupported }
    session.signal(signal)
  }

  func resize(_ size: TerminalSize) { session.resize(size) }

  func emptyStreams(_ streams: StreamSet) { session.empty(streams) }

  func resumeReading(_ stream: ExecStream) { session.later { $0.resume() } }

  func holders(of streams: StreamSet) -> [PipeHolder] { [] }

  func release() { session.release() }
}

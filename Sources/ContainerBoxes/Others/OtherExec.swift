import ExecEngine
import ExecModel
import Glibc

/// What is known of an exec that somebody else started.
struct OtherExec: Sendable {
  let client: EngineClient
  let identifier: String
  let inspection: ExecInspection
  /// Its process on this host; nil when it is over, or the engine's host is another.
  let process: HostProcess?

  init(client: EngineClient, identifier: String, inspection: ExecInspection) {
    self.client = client
    self.identifier = identifier
    self.inspection = inspection
    process = HostProcess(inspection.processIdentifier, container: inspection.container)
  }

  var streams: StreamSet { inspection.hasTerminal ? .stdout : .both }
  var processIdentifier: Int32? { inspection.processIdentifier > 0 ? inspection.processIdentifier : nil }

  /// Whether its process was found on this host, and is gone.
  var isOver: Bool { process.map { !$0.isThere } ?? false }

  /// Signals it by kill(2).
  func signal(_ signal: Signal) throws(SignalError) {
    guard signal.isValid else { throw .system(EINVAL) }
    guard let process else { throw .unsupported }
    switch process.signal(signal.number) {
    case 0: return
    case ESRCH: throw .ended
    case let number: throw .system(number)
    }
  }
}

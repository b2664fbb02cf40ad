public import ExecModel
public import Journal
import SystemPackage

/// Why the engine could not do what was asked.
public enum EngineError: Error, Sendable, CustomStringConvertible {
  /// No execution with this identifier.
  case unknown(ExecutionID)
  /// The execution still runs.
  case running(ExecutionID)
  /// The journal could not be created or removed.
  case journal(JournalError)

  /// Whether descriptors, memory or room on the disk were missing, which may be given back.
  public var isShortage: Bool {
    switch self {
    case .journal(let error): SystemErrorText.canLift(error.errno.rawValue)
    case .unknown, .running: false
    }
  }

  /// One line for people.
  public var description: String {
    switch self {
    case .unknown(let id): "there is no execution \(id)"
    case .running(let id): "execution \(id) still runs: end it first"
    case .journal(let error): error.description
    }
  }
}

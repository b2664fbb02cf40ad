public import ExecModel

/// What the keys move in.
public enum Focus: Hashable, Sendable {
  /// The list of executions.
  case list
  /// A pane of the selected execution.
  case pane(ExecStream)

  /// The pane's stream; nil for the list.
  public var stream: ExecStream? {
    switch self {
    case .list: nil
    case .pane(let stream): stream
    }
  }
}

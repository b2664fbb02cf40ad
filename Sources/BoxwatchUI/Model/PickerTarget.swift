public import ExecModel

/// What can be attached to.
public enum PickerTarget: Hashable, Sendable {
  /// An execution whose journal stands in a folder on this machine: another boxwatch's, or one of old.
  case journal(ExecutionID, folder: String)
  /// An execution on a BoxLite server, as `boxwatch attach` takes it: `boxlite://HOST:PORT/BOX/EXEC`.
  case remote(String)

  /// The execution, where boxwatch itself has named it.
  var id: ExecutionID? {
    switch self {
    case .journal(let id, _): id
    case .remote: nil
    }
  }

  /// The identifier as a person writes it.
  var name: String {
    switch self {
    case .journal(let id, _): id.description
    case .remote(let text): text
    }
  }
}

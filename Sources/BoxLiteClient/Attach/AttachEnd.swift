/// How an attach connection ended.
public enum AttachEnd: Error, Hashable, Sendable {
  /// There was none: the server refused it, or could not be reached.
  case refused(ClientError)
  /// The server said Close, with this code if any (RFC 6455, section 7.4).
  case closed(code: UInt16?)
  /// It was cut; why, as far as it is known.
  case cut(String)

  /// One line for people.
  public var words: String {
    switch self {
    case .refused(let error): error.description
    case .closed(let code): "the server closed the connection" + (code.map { " (\($0))" } ?? "")
    case .cut(let why): "the connection was cut: \(why)"
    }
  }
}

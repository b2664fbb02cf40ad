/// Why a server did not do what was asked: the kind for programs, one line for people.
public struct ClientError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it was.
  public enum Cause: Hashable, Sendable {
    /// The server said no: the HTTP status, and its code's word when there was one.
    case refused(status: Int, code: String?)
    /// Nobody listens there, or the way there is broken.
    case unreachable
    /// No encrypted connection: the certificate is not trusted, or the other side speaks no TLS.
    case insecure
    /// No answer in time.
    case timedOut
    /// The answer makes no sense.
    case nonsense
  }

  /// What kind of failure it was.
  public let cause: Cause
  /// One line that says what is wrong, where, and what to do.
  public let description: String

  /// Makes an error.
  public init(_ cause: Cause, _ description: String) {
    self.cause = cause
    self.description = description
  }

  /// The HTTP status; nil when there was no answer.
  public var status: Int? {
    if case .refused(let status, _) = cause { status } else { nil }
  }

  /// The code's word, such as `not_found`; nil when there was none.
  public var code: String? {
    if case .refused(_, let code) = cause { code } else { nil }
  }

  /// Whether the server was not heard at all, or has a fault of its own: asking again later may help.
  public var isPassing: Bool {
    switch cause {
    case .refused(let status, _): status == 429 || status >= 500
    case .unreachable, .timedOut: true
    case .insecure, .nonsense: false
    }
  }
}

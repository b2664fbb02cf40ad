/// Whose execution a row shows: who started it, and who would end it.
public enum RowOrigin: Hashable, Sendable {
  /// Started by this boxwatch for its user.
  case own
  /// Started by a client of this boxwatch's server.
  case client
  /// Somebody else's, only looked at: another boxwatch's, a journal's, a BoxLite server's.
  case attached(place: String)

  /// Whether it ends when this boxwatch does.
  public var isOurs: Bool {
    switch self {
    case .own, .client: true
    case .attached: false
    }
  }

  /// The words for the list and the titles; empty for the ordinary case.
  var words: String {
    switch self {
    case .own: ""
    case .client: "client"
    case .attached(let place): "@" + place
    }
  }

  /// The mark where there is no room for words.
  var mark: String {
    switch self {
    case .own: ""
    case .client: "c"
    case .attached: "@"
    }
  }

  /// How it is told after the box in a sentence; empty for the ordinary case.
  var clause: String {
    switch self {
    case .own: ""
    case .client: ", for a client"
    case .attached(let place): ", attached to \(place)"
    }
  }
}

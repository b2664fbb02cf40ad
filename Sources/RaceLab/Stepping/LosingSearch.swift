/// How the search for the next losing schedule ended.
public enum LosingSearch: Hashable, Sendable {
  /// The session shows it now.
  case found
  /// The dispatcher loses none; the session is as it was.
  case none
  /// None among the first so many; the session is as it was.
  case gaveUp(after: Int)
}

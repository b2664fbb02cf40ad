/// A run of text of a marble diagram, with what it stands for, so that a screen can colour it.
public struct MarblePiece: Hashable, Sendable {
  /// What a piece stands for.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// A row's name.
    case label
    /// Time passing, or nothing.
    case axis
    /// A chunk or the end of stdout.
    case stdout
    /// A chunk or the end of stderr.
    case stderr
    /// The reaper's report.
    case exit
    /// A waiter arrives.
    case waiter
    /// The grandchild writes or ends.
    case grandchild
    /// The deadline.
    case deadline
    /// The force close.
    case forceClose
    /// A chunk that nobody read.
    case lost
    /// `Exit` is announced.
    case exitAnnounced
    /// A `Wait` is answered.
    case waitAnswered
    /// What it came to: a broken promise.
    case verdictLost
    /// What it came to: all kept.
    case verdictKept
    /// What it came to so far.
    case verdictOpen
  }

  /// The text.
  public let text: String
  /// What it stands for.
  public let kind: Kind
}

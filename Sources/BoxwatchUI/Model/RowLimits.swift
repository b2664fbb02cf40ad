/// What cannot be done to an execution from here, each with the reason as a sentence; nil for what can.
///
/// An execution of this boxwatch is limited by its box alone, which the model knows by name.
public struct RowLimits: Hashable, Sendable {
  /// Why signals cannot be sent.
  public var signals: String?
  /// Why nothing can be written to its input.
  public var input: String?
  /// Why it cannot be closed by force.
  public var kill: String?
  /// Why held streams cannot be given up.
  public var release: String?
  /// Why its terminal keeps its size, whatever its pane's is.
  public var resize: String?

  /// Nothing is impossible.
  public static let none = RowLimits()

  /// Makes limits.
  public init(
    signals: String? = nil, input: String? = nil, kill: String? = nil, release: String? = nil, resize: String? = nil
  ) {
    self.signals = signals
    self.input = input
    self.kill = kill
    self.release = release
    self.resize = resize
  }

  /// Nothing is possible, for one reason.
  public init(everything reason: String) {
    self.init(signals: reason, input: reason, kill: reason, release: reason, resize: reason)
  }
}

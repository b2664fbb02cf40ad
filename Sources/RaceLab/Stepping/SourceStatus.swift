/// A source as the stepping screen lists it.
public struct SourceStatus: Hashable, Sendable {
  /// Which it is.
  public let source: Source
  /// Its steps that are still to come, in order.
  public let pending: [Step]
  /// Whether the first of them may happen now.
  public let isEnabled: Bool
  /// Why it may not, for a person; nil when it may or when nothing is left.
  public let obstacle: String?

  /// The step it takes next; nil when nothing is left.
  public var next: Step? { pending.first }
  /// How a person calls it.
  public var name: String { source.name }
}

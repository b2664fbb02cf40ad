/// Text attributes that SGR can set (ECMA-48, section 8.3.117).
public struct Attributes: OptionSet, Hashable, Sendable {
  /// One bit for each attribute.
  public let rawValue: UInt16

  /// Makes a set from its bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// SGR 1.
  public static let bold = Attributes(rawValue: 1 << 0)
  /// SGR 2.
  public static let dim = Attributes(rawValue: 1 << 1)
  /// SGR 3.
  public static let italic = Attributes(rawValue: 1 << 2)
  /// SGR 4.
  public static let underline = Attributes(rawValue: 1 << 3)
  /// SGR 5.
  public static let blink = Attributes(rawValue: 1 << 4)
  /// SGR 7.
  public static let reverse = Attributes(rawValue: 1 << 5)
  /// SGR 9.
  public static let strikethrough = Attributes(rawValue: 1 << 6)
}

/// How many colours a terminal has.
public enum ColorDepth: Int, Hashable, Sendable, CaseIterable, Comparable {
  /// None: attributes only.
  case mono
  /// Eight, the brighter ones by bold.
  case eight
  /// Sixteen.
  case sixteen
  /// The 256-colour palette of xterm.
  case indexed256
  /// 24 bits.
  case truecolor

  /// Fewer colours come first.
  public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }
}

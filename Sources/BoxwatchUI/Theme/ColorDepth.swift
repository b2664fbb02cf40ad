/// How many colours the terminal shows, which picks a theme's tier.
public enum ColorDepth: String, Hashable, Sendable, CaseIterable {
  /// No colour, by the terminal's nature or by `NO_COLOR`: the `mono` tier.
  case mono
  /// Eight colours: the `ansi16` tier, where a bright foreground becomes bold.
  case ansi8
  /// The user's own sixteen colours: the `ansi16` tier.
  case ansi16
  /// 256 colours: the `roles` tier, 24-bit values are mapped by the terminal.
  case palette256
  /// 24-bit colour: the `roles` tier.
  case trueColor

  /// The section of a theme file that serves this depth.
  var tier: ThemeTier {
    switch self {
    case .mono: .mono
    case .ansi8, .ansi16: .ansi16
    case .palette256, .trueColor: .roles
    }
  }
}

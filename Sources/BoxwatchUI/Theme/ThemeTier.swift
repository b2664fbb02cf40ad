import Cells

/// The sections of a theme file that hold styles; the raw names are what files write.
enum ThemeTier: String, Hashable, Sendable, CaseIterable {
  case roles, ansi16, mono

  /// The section that serves a terminal of a depth.
  init(_ depth: ColorDepth) {
    switch depth {
    case .mono: self = .mono
    case .eight, .sixteen: self = .ansi16
    case .indexed256, .truecolor: self = .roles
    }
  }
}

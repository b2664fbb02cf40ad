extension Color {
  /// The nearest colour that a terminal of a depth has.
  ///
  /// 24-bit colours go to 16 to 255 of the palette only, since 0 to 15 are whatever the user made of them. At eight colours the
  /// bright ones lose their brightness; ``Style/reduced(to:)`` gives it back as bold.
  public func reduced(to depth: ColorDepth) -> Color {
    switch (depth, self) {
    case (_, .standard), (.mono, _): return .standard
    case (.truecolor, _), (.indexed256, .indexed): return self
    case (.indexed256, .rgb(let red, let green, let blue)): return .indexed(Palette.nearest256(red, green, blue))
    case (.sixteen, _): return .indexed(sixteen)
    case (.eight, _): return .indexed(sixteen & 7)
    }
  }

  /// The entry 0 to 15 nearest to this colour; 0 for the terminal's own.
  var sixteen: UInt8 {
    switch self {
    case .standard: 0
    case .indexed(let entry): entry < 16 ? entry : Palette.sixteen(ofEntry: entry)
    case .rgb(let red, let green, let blue): Palette.nearest16(red, green, blue)
    }
  }
}

extension Style {
  /// The style as a terminal of a depth shows it; at eight colours a bright foreground becomes bold.
  public func reduced(to depth: ColorDepth) -> Style {
    var style = self
    style.foreground = foreground.reduced(to: depth)
    style.background = background.reduced(to: depth)
    if depth == .eight, foreground.sixteen >= 8 { style.attributes.insert(.bold) }
    return style
  }
}

/// A colour requested by a program or a theme; the terminal maps it to its own colours.
public enum Color: Hashable, Sendable {
  /// The terminal's default foreground or background.
  case standard
  /// An entry of the 256-colour palette; 0 to 15 are configured by the user.
  case indexed(UInt8)
  /// 24-bit colour.
  case rgb(UInt8, UInt8, UInt8)
}

/// The number of colours of a terminal.
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

  /// Orders depths by their number of colours.
  public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }
}

/// The fixed part of xterm's 256 colours and the nearest entries to a 24-bit colour.
///
/// Distance is "redmean" (CompuPhase, *Colour metric*): close to perception, and integers only.
enum Palette {
  private static let cube: [UInt8] = [0, 95, 135, 175, 215, 255]

  /// xterm's default values of entries 0 to 15; the user's values are unknown.
  private static let ansi: [(UInt8, UInt8, UInt8)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
  ]

  /// The 24-bit value of an entry from 16 to 255.
  static func value(ofEntry entry: UInt8) -> (UInt8, UInt8, UInt8) {
    if entry < 16 { return ansi[Int(entry)] }
    if entry >= 232 {
      let grey = 8 + 10 * (entry - 232)
      return (grey, grey, grey)
    }
    let index = Int(entry) - 16
    return (cube[index / 36], cube[index / 6 % 6], cube[index % 6])
  }

  /// The entry from 16 to 255 nearest to a colour.
  static func nearest256(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    let inCube = 16 + 36 * level(red) + 6 * level(green) + level(blue)
    let mean = (Int(red) + Int(green) + Int(blue)) / 3
    let inGreys = 232 + min(23, max(0, (mean - 3) / 10))
    let candidates = [UInt8(inCube), UInt8(inGreys)]
    let color = (red, green, blue)
    return distance(color, value(ofEntry: candidates[0])) <= distance(color, value(ofEntry: candidates[1]))
      ? candidates[0] : candidates[1]
  }

  /// The entry from 0 to 15 nearest to a colour, by xterm's defaults.
  static func nearest16(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    var best = 0
    for entry in 1..<16
    where distance((red, green, blue), ansi[entry]) < distance((red, green, blue), ansi[best]) { best = entry }
    return UInt8(best)
  }

  /// The entry from 0 to 15 nearest to one from 16 to 255.
  static func sixteen(ofEntry entry: UInt8) -> UInt8 { reduced[Int(entry)] }

  private static let reduced: [UInt8] = (0...255).map { entry in
    let (red, green, blue) = value(ofEntry: UInt8(entry))
    return nearest16(red, green, blue)
  }

  private static func level(_ value: UInt8) -> Int {
    value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40
  }

  private static func distance(_ left: (UInt8, UInt8, UInt8), _ right: (UInt8, UInt8, UInt8)) -> Int {
    let red = Int(left.0) - Int(right.0)
    let green = Int(left.1) - Int(right.1)
    let blue = Int(left.2) - Int(right.2)
    let mean = (Int(left.0) + Int(right.0)) / 2
    return ((512 + mean) * red * red) / 256 + 4 * green * green + ((767 - mean) * blue * blue) / 256
  }
}

extension Color {
  /// The nearest colour at a terminal's depth.
  ///
  /// 24-bit colours map to 16 to 255 of the palette only, since 0 to 15 are configured by the user.
  /// At eight colours bright ones lose their brightness; ``Style/reduced(to:)`` restores it as
  /// bold.
  public func reduced(to depth: ColorDepth) -> Color {
    switch (depth, self) {
    case (_, .standard), (.mono, _): return .standard
    case (.truecolor, _), (.indexed256, .indexed): return self
    case (.indexed256, .rgb(let red, let green, let blue)): return .indexed(Palette.nearest256(red, green, blue))
    case (.sixteen, _): return .indexed(sixteen)
    case (.eight, _): return .indexed(sixteen & 7)
    }
  }

  /// The entry from 0 to 15 nearest to this colour; 0 for the terminal's default.
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

/// Text attributes that SGR can set (ECMA-48, section 8.3.117).
public struct Attributes: OptionSet, Hashable, Sendable {
  /// One bit per attribute.
  public let rawValue: UInt16

  /// Creates a set from its bits.
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

/// The style of a cell.
public struct Style: Hashable, Sendable {
  /// The foreground colour.
  public var foreground: Color
  /// The background colour.
  public var background: Color
  /// The attributes.
  public var attributes: Attributes

  /// Creates a style; the defaults are the terminal's own.
  public init(foreground: Color = .standard, background: Color = .standard, attributes: Attributes = []) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The terminal's own colours, no attributes.
  public static let plain = Style()
}

extension Style {
  /// The style of text that replaces a scalar that may not be shown: dim and reversed.
  var marked: Style {
    var style = self
    style.attributes.formSymmetricDifference(.reverse)
    style.attributes.insert(.dim)
    return style
  }
}

/// The parameter bytes of one SGR sequence, parsed from the front.
///
/// ECMA-48 section 5.4.2: numbers separated by `;`, each with parts separated by `:`; an absent
/// number is 0.
struct SGRParameters {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  /// Whether there is another parameter; an empty list has one, which is 0.
  private(set) var hasNext = true

  /// Creates a parser for bytes that are only digits, `;` and `:`.
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The next parameter and, if it is written with colons, its parts; -1 is an absent part.
  mutating func next() -> (value: Int, parts: [Int]) {
    let value = number()
    var parts: [Int] = []
    while index < bytes.count, bytes[index] == UInt8(ascii: ":") {
      index += 1
      parts.append(number())
    }
    hasNext = index < bytes.count
    index += 1
    return (max(0, value), parts)
  }

  private mutating func number() -> Int {
    var value = -1
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
      value = min(99_999, max(0, value) * 10 + Int(bytes[index] - 0x30))
      index += 1
    }
    return value
  }
}

extension Style {
  /// Applies the parameters of a select-graphic-rendition sequence.
  ///
  /// ECMA-48 section 8.3.117, ISO 8613-6 colours (`38;5;n`, `38;2;r;g;b` and both with colons), the
  /// bright colours 90 to 107. Conceal (8) is ignored: output may not hide. Unknown parameters
  /// change nothing.
  mutating func apply(_ parameters: consuming SGRParameters) {
    while parameters.hasNext {
      let (code, parts) = parameters.next()
      switch code {
      case 38: if let color = Self.color(parts, &parameters) { foreground = color }
      case 48: if let color = Self.color(parts, &parameters) { background = color }
      case 58: _ = Self.color(parts, &parameters)
      case 4 where !parts.isEmpty: set(.underline, parts[0] != 0)
      case _ where parts.isEmpty: apply(code)
      default: continue
      }
    }
  }

  private mutating func apply(_ code: Int) {
    switch code {
    case 0: self = .plain
    case 1...7, 9, 21...25, 27, 29: applyAttribute(code)
    case 30...37: foreground = .indexed(UInt8(code - 30))
    case 39: foreground = .standard
    case 40...47: background = .indexed(UInt8(code - 40))
    case 49: background = .standard
    case 90...97: foreground = .indexed(UInt8(code - 82))
    case 100...107: background = .indexed(UInt8(code - 92))
    default: return
    }
  }

  private mutating func applyAttribute(_ code: Int) {
    switch code {
    case 1: set(.bold, true)
    case 2: set(.dim, true)
    case 3: set(.italic, true)
    case 4, 21: set(.underline, true)
    case 5, 6: set(.blink, true)
    case 7: set(.reverse, true)
    case 9: set(.strikethrough, true)
    case 22: set([.bold, .dim], false)
    case 23: set(.italic, false)
    case 24: set(.underline, false)
    case 25: set(.blink, false)
    case 27: set(.reverse, false)
    case 29: set(.strikethrough, false)
    default: return
    }
  }

  private mutating func set(_ attribute: Attributes, _ isOn: Bool) {
    if isOn { attributes.formUnion(attribute) } else { attributes.subtract(attribute) }
  }

  /// The colour after 38, 48 or 58; consumes its parameters.
  private static func color(_ parts: [Int], _ parameters: inout SGRParameters) -> Color? {
    if !parts.isEmpty { return color(parts) }
    guard parameters.hasNext else { return nil }
    switch parameters.next().value {
    case 5:
      return parameters.hasNext ? color([5, parameters.next().value]) : nil
    case 2:
      var parts = [2]
      while parts.count < 4, parameters.hasNext { parts.append(parameters.next().value) }
      return color(parts)
    default: return nil
    }
  }

  /// The colour of a colon form: `5:n`, `2:r:g:b` or `2:space:r:g:b`.
  private static func color(_ parts: [Int]) -> Color? {
    let numbers = (parts.first == 2 && parts.count > 4 ? parts.dropFirst(2) : parts.dropFirst())
      .map { UInt8(exactly: max(0, $0)) }
    switch (parts.first, numbers.count) {
    case (5, 1...): return numbers[0].map { .indexed($0) }
    case (2, 3...):
      guard let red = numbers[0], let green = numbers[1], let blue = numbers[2] else { return nil }
      return .rgb(red, green, blue)
    default: return nil
    }
  }
}

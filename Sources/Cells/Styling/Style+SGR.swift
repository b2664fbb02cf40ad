extension Style {
  /// Applies the parameters of a select-graphic-rendition sequence.
  ///
  /// ECMA-48 section 8.3.117, ISO 8613-6 colours (`38;5;n`, `38;2;r;g;b` and both with colons), the bright colours 90 to 107.
  /// Conceal (8) is ignored: output may not hide. What is unknown changes nothing.
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

  /// The colour after 38, 48 or 58; takes what belongs to it from the parameters.
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

  /// The colour that a colon form names: `5:n`, `2:r:g:b` or `2:space:r:g:b`.
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

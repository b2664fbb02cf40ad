/// How what must not reach a terminal is written instead, in plain ASCII: `^[`, `<202E>`, `\x9b`.
enum VisibleText {
  private static let digits: [UInt8] = Array("0123456789ABCDEF".utf8)

  /// Gives the ASCII characters that stand for a hostile scalar, in order.
  ///
  /// C0 and DEL in caret notation, as `cat -v` and `less` write them; all others as their number.
  static func forEach(of scalar: Unicode.Scalar, _ body: (UInt8) -> Void) {
    let value = scalar.value
    if value < 0x20 || value == 0x7F {
      body(UInt8(ascii: "^"))
      body(UInt8(truncatingIfNeeded: value ^ 0x40))
      return
    }
    body(UInt8(ascii: "<"))
    var shift: UInt32 = value > 0xFFFFF ? 20 : value > 0xFFFF ? 16 : 12
    while true {
      body(digits[Int((value >> shift) & 0xF)])
      if shift == 0 { break }
      shift -= 4
    }
    body(UInt8(ascii: ">"))
  }

  /// Gives the four ASCII characters that stand for a byte that is no part of valid UTF-8.
  static func forEach(ofBadByte byte: UInt8, _ body: (UInt8) -> Void) {
    body(UInt8(ascii: "\\"))
    body(UInt8(ascii: "x"))
    for nibble in [byte >> 4, byte & 0xF] {
      body(nibble < 10 ? 0x30 + nibble : 0x57 + nibble)
    }
  }
}

/// Text that may be written to a terminal: words that came from elsewhere are in it only with everything visible that a
/// terminal would obey.
///
/// The one place where that is done. A literal is ours and stays as it is, escape sequences too; what is interpolated is
/// made safe. So `"\u{1B}[1m\(name)\u{1B}[0m"` is bold whatever the name holds.
public struct SafeText: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringInterpolation {
  /// The text as it is written.
  public private(set) var text: String

  /// The text as it is written.
  public var description: String { text }

  /// Takes a literal as it is.
  public init(stringLiteral value: StaticString) { text = "\(value)" }

  /// Takes literals as they are and makes safe what stands between them.
  public init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  /// Makes words that came from elsewhere safe, on one line: C0, DEL and C1, bidirectional overrides, separators and
  /// invisible characters become what `cat -v` writes, or their number (`^[`, `<202E>`).
  public init(_ foreign: String) { text = Self.line(foreign) }

  /// Builds a safe text.
  public struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    /// Prepares an empty text.
    public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(2 * literalCapacity) }

    /// Adds a part of ours.
    public mutating func appendLiteral(_ literal: StaticString) { text += "\(literal)" }

    /// Adds what is safe already.
    public mutating func appendInterpolation(_ value: SafeText) { text += value.text }

    /// Adds words that came from elsewhere.
    public mutating func appendInterpolation(_ value: some Any) { text += SafeText.line("\(value)") }
  }
}

extension SafeText {
  /// The text on one line, with what a terminal would obey made visible.
  public static func line(_ foreign: String) -> String {
    // Nearly all text is plain: no grid for that.
    if foreign.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return foreign }
    return drawn(foreign, TextWidth.columns(of: foreign))
  }

  /// Several lines, each made safe; their newlines stay.
  public static func lines(_ foreign: String) -> String {
    foreign.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }.joined(separator: "\n")
  }

  /// The text on one line, with its end cut off where it is wider than `width` columns.
  public static func elided(_ foreign: String, to width: Int) -> String {
    let columns = TextWidth.columns(of: foreign)
    return columns > width ? drawn(foreign, max(0, width - 3)) + "..." : line(foreign)
  }

  private static func drawn(_ text: String, _ columns: Int) -> String {
    var grid = Grid(height: 1, width: columns)
    grid.write(text, row: 0, column: 0)
    // Blanks at the end stay: they may be the space between two parts.
    return grid.text(row: 0)
  }
}

/// The plain ASCII replacements for text that must not reach a terminal: `^[`, `<202E>`, `\x9b`.
enum VisibleText {
  private static let digits: [UInt8] = Array("0123456789ABCDEF".utf8)

  /// Produces the ASCII characters for a hostile scalar, in order.
  ///
  /// C0 and DEL in caret notation, as in `cat -v` and `less`; all others as their number.
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

  /// Produces the four ASCII characters for a byte that is not part of valid UTF-8.
  static func forEach(ofBadByte byte: UInt8, _ body: (UInt8) -> Void) {
    body(UInt8(ascii: "\\"))
    body(UInt8(ascii: "x"))
    for nibble in [byte >> 4, byte & 0xF] {
      body(nibble < 10 ? 0x30 + nibble : 0x57 + nibble)
    }
  }
}

/// Text that is safe to write to a terminal: untrusted parts contain only visible replacements for
/// what a terminal would obey.
///
/// The only place where this is done. A literal is trusted and kept, escape sequences included;
/// interpolated values are made safe. So `"\u{1B}[1m\(name)\u{1B}[0m"` is bold whatever the name
/// contains.
public struct SafeText: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringInterpolation {
  /// The text to write.
  public private(set) var text: String

  /// The text to write.
  public var description: String { text }

  /// Creates a text from a literal, unchanged.
  public init(stringLiteral value: StaticString) { text = "\(value)" }

  /// Creates a text from literals, unchanged, and interpolated values made safe.
  public init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  /// Makes untrusted text safe, on one line: C0, DEL and C1, bidirectional overrides, separators
  /// and invisible characters are replaced as in `cat -v`, or by their number (`^[`, `<202E>`).
  public init(_ foreign: String) { text = Self.line(foreign) }

  /// Builds a safe text.
  public struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    /// Creates an empty interpolation.
    public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(2 * literalCapacity) }

    /// Appends a trusted literal.
    public mutating func appendLiteral(_ literal: StaticString) { text += "\(literal)" }

    /// Appends text that is already safe.
    public mutating func appendInterpolation(_ value: SafeText) { text += value.text }

    /// Appends untrusted text.
    public mutating func appendInterpolation(_ value: some Any) { text += SafeText.line("\(value)") }
  }
}

extension SafeText {
  /// The text on one line, with characters that a terminal would obey made visible.
  public static func line(_ foreign: String) -> String {
    // Nearly all text is plain, which needs no grid.
    if foreign.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return foreign }
    return drawn(foreign, TextWidth.columns(of: foreign))
  }

  /// Several lines, each made safe; newlines are kept.
  public static func lines(_ foreign: String) -> String {
    foreign.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }.joined(separator: "\n")
  }

  /// The text on one line, truncated to `width` columns.
  public static func elided(_ foreign: String, to width: Int) -> String {
    let columns = TextWidth.columns(of: foreign)
    return columns > width ? drawn(foreign, max(0, width - 3)) + "..." : line(foreign)
  }

  private static func drawn(_ text: String, _ columns: Int) -> String {
    var grid = Grid(height: 1, width: columns)
    grid.write(text, row: 0, column: 0)
    // Trailing blanks are kept: they may separate two parts.
    return grid.text(row: 0)
  }
}

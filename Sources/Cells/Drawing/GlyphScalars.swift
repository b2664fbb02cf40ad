/// The scalars of one glyph: a base and up to four combining scalars; unused places are 0.
///
/// The same number as an ncurses cell (`CCHARW_MAX`). Plain fields, since a vector's alignment
/// would double the size of a ``Cell``, and a frame's time is mostly memory access.
public struct GlyphScalars: Hashable, Sendable {
  /// The maximum number of scalars in a glyph.
  public static let count = 5
  /// The right half of a wide glyph.
  public static let none = GlyphScalars(0)

  private var base: UInt32
  private var marks: (UInt32, UInt32, UInt32, UInt32)

  /// Creates a glyph from scalar values.
  public init(_ base: UInt32, _ first: UInt32 = 0, _ second: UInt32 = 0, _ third: UInt32 = 0, _ fourth: UInt32 = 0) {
    self.base = base
    marks = (first, second, third, fourth)
  }

  /// The value in a place from 0 to 4; 0 for any other place.
  public subscript(place: Int) -> UInt32 {
    get {
      switch place {
      case 0: base
      case 1: marks.0
      case 2: marks.1
      case 3: marks.2
      case 4: marks.3
      default: 0
      }
    }
    set {
      switch place {
      case 0: base = newValue
      case 1: marks.0 = newValue
      case 2: marks.1 = newValue
      case 3: marks.2 = newValue
      case 4: marks.3 = newValue
      default: break
      }
    }
  }

  /// Whether two glyphs are equal.
  public static func == (one: GlyphScalars, other: GlyphScalars) -> Bool {
    one.base == other.base && one.marks == other.marks
  }

  /// Hashes the scalars.
  public func hash(into hasher: inout Hasher) {
    for place in 0..<Self.count { hasher.combine(self[place]) }
  }
}

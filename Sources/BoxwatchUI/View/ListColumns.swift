/// Which columns the list has at a width, and how wide they are; 0 for one that is dropped.
struct ListColumns: Hashable, Sendable {
  /// `running`, `signalled`.
  static let word = 10
  /// The least the command gets.
  static let smallestCommand = 10

  /// The mark, the number and the glyph.
  var head = 0
  /// The exit status in words.
  var status = 0
  /// The box.
  var box = 0
  /// The command: what is left.
  var command = 0
  /// How long.
  var elapsed = 0
  /// Lines.
  var lines = 0
  /// Bytes.
  var bytes = 0
  /// Bytes per second.
  var rate = 0
  /// The sparkline.
  var sparkline = 0

  /// The columns behind the bytes, which a note may take.
  var tail: Int { rate + sparkline }

  /// The columns of a list this wide, with numbers of so many digits.
  init(width: Int, digits: Int, status widestStatus: Int, box widestBox: Int) {
    head = 2 + digits + 3
    var rest = width - head - Self.word - Self.smallestCommand
    func take(_ wanted: Int) -> Int {
      guard wanted > 0, rest >= wanted else { return 0 }
      rest -= wanted
      return wanted
    }
    // In order of worth: what comes late here goes first when it gets narrow.
    status = take(min(20, max(7, widestStatus)) + 1)
    elapsed = take(9)
    lines = take(15)
    box = take(min(14, max(3, widestBox)) + 1)
    rate = take(12)
    sparkline = take(14)
    bytes = take(9)
    command = max(0, min(width - head - Self.word, rest + Self.smallestCommand))
  }
}

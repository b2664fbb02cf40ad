/// Which columns the list of what there is to attach to has at a width; 0 for one that is dropped.
struct PickerColumns: Hashable, Sendable {
  /// The mark and the glyph.
  static let head = 4
  /// `interrupted`.
  static let word = 12
  /// The least the command gets, and the least that is left to it when the exit status is shown beside.
  private static let smallestTitle = 12
  private static let comfortableTitle = 36

  /// The exit status in words.
  var status = 0
  /// How long ago.
  var age = 0
  /// The box.
  var box = 0
  /// Where it is.
  var place = 0
  /// The command: what is left.
  var title = 0

  /// The columns of a list this wide.
  init(width: Int, status widestStatus: Int, box widestBox: Int, place widestPlace: Int) {
    var rest = width - Self.head - Self.word - Self.smallestTitle
    func take(_ wanted: Int) -> Int {
      guard wanted > 0, rest >= wanted else { return 0 }
      rest -= wanted
      return wanted
    }
    // In order of worth: what comes late here goes first when it gets narrow.
    age = take(10)
    place = take(min(32, max(5, widestPlace)) + 2)
    box = take(min(14, max(3, widestBox)) + 2)
    let wanted = widestStatus == 0 ? 0 : min(20, widestStatus) + 2
    if rest + Self.smallestTitle - wanted >= Self.comfortableTitle { status = take(wanted) }
    title = max(0, min(width - Self.head - Self.word, rest + Self.smallestTitle))
  }
}

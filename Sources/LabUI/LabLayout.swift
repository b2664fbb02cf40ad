import Cells
import ExecModel
import RaceLab
import Widgets

/// The layout of the lab, shared by drawing and the mouse.
struct LabLayout: Hashable, Sendable {
  /// The position of a source in the list.
  struct Row: Hashable, Sendable {
    /// Its index among the scenario's sources.
    var index: Int
    /// One row, or two when its obstacle is shown below it.
    var place: Rect
  }

  /// The minimum screen size of the lab.
  static let smallest = (height: 15, width: 60)
  /// The minimum height for a border around the tour's card.
  private static let borderedHeight = 20
  /// The rows that the halves and the sources keep, with their borders, before the timeline gets
  /// any.
  private static let leastUpper = 8

  /// Whether there is room only for a message.
  var isTooSmall = false
  /// The top line.
  var header = Rect(row: 0, column: 0, height: 0, width: 0)
  /// The list of sources, with its border.
  var sources = Rect(row: 0, column: 0, height: 0, width: 0)
  /// The visible sources.
  var rows: [Row] = []
  /// The halves, with their borders.
  var halves: [Rect] = []
  /// The timeline; nil where there is no room.
  var timeline: Rect?
  /// Whether the timeline has a border.
  var hasTimelineBorder = false
  /// Whether the timeline has a row for each source, and not only for the halves.
  var hasTimelineSources = true
  /// Whether a row below the timeline explains its marks.
  var hasLegend = false
  /// The tour's card; nil without a tour.
  var card: Rect?
  /// The bottom line.
  var status = Rect(row: 0, column: 0, height: 0, width: 0)

  /// Creates the layout of a lab's screen.
  init(_ lab: LabModel) {
    let display = lab.display
    guard display.height >= Self.smallest.height, display.width >= Self.smallest.width else {
      isTooSmall = true
      return
    }
    let width = display.width
    header = Rect(row: 0, column: 0, height: 1, width: width)
    status = Rect(row: display.height - 1, column: 0, height: 1, width: width)
    var bottom = status.row
    if lab.tour != nil { placeCard(display, &bottom) }
    placeTimeline(lab, width, &bottom)
    placeUpper(lab, width, bottom)
  }

  private mutating func placeCard(_ display: Display, _ bottom: inout Int) {
    let border = display.height >= Self.borderedHeight ? 2 : 0
    let width = display.width - 4
    // As high as the longest text, so that nothing moves from stop to stop.
    let lines = LabTour.all.map { WordWrap.lines($0.text, width: width).count }.max() ?? 1
    let height = lines + 1 + border
    bottom -= height
    card = Rect(row: bottom, column: 0, height: height, width: display.width)
  }

  private mutating func placeTimeline(_ lab: LabModel, _ width: Int, _ bottom: inout Int) {
    // All sources must be visible; the timeline comes second.
    let room = bottom - header.bottom - max(Self.leastUpper, lab.sources.count + 2)
    let halves = lab.session.kinds.count
    let all = halves + lab.sources.count
    hasTimelineBorder = room >= all + 2
    hasTimelineSources = room >= all
    hasLegend = room >= all + 6
    let height = hasTimelineBorder ? all + 2 : hasTimelineSources ? all : halves
    guard room >= height else { return }
    let legend = hasLegend ? 1 : 0
    bottom -= height + legend
    timeline = Rect(row: bottom, column: 0, height: height + legend, width: width)
  }

  private mutating func placeUpper(_ lab: LabModel, _ width: Int, _ bottom: Int) {
    let top = header.bottom
    let height = max(0, bottom - top)
    let left = min(46, max(24, width * 3 / 8))
    sources = Rect(row: top, column: 0, height: height, width: left)
    let half = (width - left) / 2
    halves = [
      Rect(row: top, column: left, height: height, width: half),
      Rect(row: top, column: left + half, height: height, width: width - left - half),
    ]
    placeRows(lab)
  }

  private mutating func placeRows(_ lab: LabModel) {
    let inner = sources.inset(by: 1)
    let statuses = lab.session.sources
    let text = LabSourceText(statuses, width: inner.width)
    let heights = statuses.map { text.needsSecondRow($0) ? 2 : 1 }
    let spaced = heights.reduce(0, +) <= inner.height
    let room = max(1, inner.height)
    // Without room for all, those around the selected one are shown.
    let first = spaced ? 0 : min(max(0, lab.selection - room + 1), max(0, statuses.count - 1))
    var row = inner.row
    for index in statuses.indices.dropFirst(first) where row < inner.bottom {
      let height = min(spaced ? heights[index] : 1, inner.bottom - row)
      rows.append(Row(index: index, place: Rect(row: row, column: inner.column, height: height, width: inner.width)))
      row += height
    }
  }
}

/// The lab's marks, also used in the timeline, in Unicode or in ASCII.
struct LabMarks: Hashable, Sendable {
  /// Whether marks beyond ASCII can be shown.
  let isUTF8: Bool

  private var glyphs: MarbleGlyphs { MarbleGlyphs(isASCII: !isUTF8) }

  var exitAnnounced: String { String(glyphs.exitAnnounced) }
  var waitAnswered: String { String(glyphs.waitAnswered) }
  /// The mark before output that will never be read.
  var lost: String { isUTF8 ? "✖" : "!" }
  /// The mark for omitted text.
  var more: String { isUTF8 ? "…" : ".." }
  /// The line after which the user no longer reads.
  var notRead: String { isUTF8 ? "─ not read ─" : "- not read -" }

  /// A chunk of a stream; hollow when it was not read.
  func chunk(_ stream: ExecStream, isRead: Bool = true) -> String { String(glyphs.chunk(stream, isRead: isRead)) }
}

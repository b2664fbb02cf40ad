import Cells
import ExecModel

/// The order of executions in the list: newest first, with the selected one always visible.
enum ListOrder {
  /// The indices of the rows to show, top to bottom, in a list of this height.
  static func visible(_ model: Model, height: Int) -> [Int] {
    let count = model.rows.count
    let height = min(max(0, height), count)
    let selected = count - 1 - model.selection
    let top = min(max(0, selected - height / 2), count - height)
    return (top..<top + height).map { count - 1 - $0 }
  }
}

/// The area of one pane.
struct PaneFrame: Hashable, Sendable {
  /// The columns left of the text for marks.
  static let gutter = 1

  /// Its stream.
  var stream: ExecStream
  /// The whole area.
  var outer: Rect
  /// Whether it has a border; without one its first row is its title.
  var hasBorder: Bool

  /// The area of the rows, including the gutter.
  var content: Rect {
    hasBorder
      ? outer.inset(by: 1)
      : Rect(row: outer.row + 1, column: outer.column, height: outer.height - 1, width: outer.width)
  }

  /// The size of a terminal shown here.
  var terminalSize: TerminalSize {
    TerminalSize(rows: UInt16(clamping: max(1, content.height)), columns: UInt16(clamping: textWidth))
  }

  /// The width of the text in columns.
  var textWidth: Int { max(1, content.width - Self.gutter) }
}

/// The layout of the screen, shared by drawing and the mouse.
struct Layout: Hashable, Sendable {
  /// The minimum screen size.
  static let smallest = (height: 5, width: 20)
  /// The minimum height for a header.
  private static let headerHeight = 10
  /// The minimum height for a border around the list.
  private static let borderedHeight = 16
  /// The minimum height for a drain lane.
  private static let laneHeight = 12
  /// The minimum width for two panes side by side.
  private static let sideBySideWidth = 60

  /// Whether there is room only for a message.
  var isTooSmall = false
  /// The top line.
  var header: Rect?
  /// The list with its border; nil while a pane is zoomed.
  var list: Rect?
  /// The list's rows.
  var listRows = Rect(row: 0, column: 0, height: 0, width: 0)
  /// The panes, standard output first.
  var panes: [PaneFrame] = []
  /// The drain lane.
  var lane: Rect?
  /// The bottom line.
  var status = Rect(row: 0, column: 0, height: 0, width: 0)

  /// The frame of a stream's pane, when it is on the screen.
  func pane(_ stream: ExecStream) -> PaneFrame? { panes.first { $0.stream == stream } }

  /// The size of a terminal that fills the area of all panes.
  var terminalSize: TerminalSize {
    guard let first = panes.first?.outer, let last = panes.last else { return TerminalSize() }
    let whole = Rect(
      row: first.row, column: first.column, height: last.outer.bottom - first.row,
      width: last.outer.right - first.column)
    return PaneFrame(stream: .stdout, outer: whole, hasBorder: last.hasBorder).terminalSize
  }

  /// Creates the layout of a model's screen.
  init(_ model: Model) {
    guard model.height >= Self.smallest.height, model.width >= Self.smallest.width else {
      isTooSmall = true
      return
    }
    var rest = Rect(row: 0, column: 0, height: model.height, width: model.width)
    status = Self.takeBottom(1, from: &rest)
    let hasBorders = model.height >= Self.headerHeight
    if !model.isZoomed { placeSurroundings(model, &rest) }
    panes = Self.panes(model, in: rest, hasBorders: hasBorders)
  }

  private mutating func placeSurroundings(_ model: Model, _ rest: inout Rect) {
    if model.height >= Self.headerHeight { header = Self.takeTop(1, from: &rest) }
    if model.height >= Self.laneHeight { lane = Self.takeBottom(1, from: &rest) }
    let isBordered = model.height >= Self.borderedHeight
    let most = model.height < Self.headerHeight ? 1 : isBordered ? max(3, model.height / 4) : 3
    let rows = min(max(1, model.rows.count), most)
    let area = Self.takeTop(rows + (isBordered ? 2 : 0), from: &rest)
    list = area
    listRows = isBordered ? area.inset(by: 1) : area
  }

  private static func takeTop(_ height: Int, from rest: inout Rect) -> Rect {
    let taken = Rect(row: rest.row, column: rest.column, height: min(height, rest.height), width: rest.width)
    rest = Rect(
      row: taken.bottom, column: rest.column, height: rest.height - taken.height, width: rest.width)
    return taken
  }

  private static func takeBottom(_ height: Int, from rest: inout Rect) -> Rect {
    let height = min(height, rest.height)
    rest = Rect(row: rest.row, column: rest.column, height: rest.height - height, width: rest.width)
    return Rect(row: rest.bottom, column: rest.column, height: height, width: rest.width)
  }

  private static func panes(_ model: Model, in area: Rect, hasBorders: Bool) -> [PaneFrame] {
    let streams = model.selected?.streams ?? ExecStream.allCases
    let frame = { PaneFrame(stream: $0, outer: $1, hasBorder: hasBorders) }
    let smallest = 4
    guard streams.count == 2, !model.isZoomed else { return [frame(shown(model, streams), area)] }
    if model.arrangement == .sideBySide, area.width >= sideBySideWidth {
      let left = (area.width + 1) / 2
      return [
        frame(.stdout, Rect(row: area.row, column: 0, height: area.height, width: left)),
        frame(.stderr, Rect(row: area.row, column: left, height: area.height, width: area.width - left)),
      ]
    }
    guard hasBorders, area.height >= 2 * smallest else { return [frame(shown(model, streams), area)] }
    var rest = area
    let lower = takeBottom(max(smallest, area.height * 2 / 5), from: &rest)
    return [frame(.stdout, rest), frame(.stderr, lower)]
  }

  /// The stream that is shown when there is room for one pane.
  private static func shown(_ model: Model, _ streams: [ExecStream]) -> ExecStream {
    guard let focused = model.focus.stream, streams.contains(focused) else { return streams.first ?? .stdout }
    return focused
  }
}

import Cells
import ExecModel

/// Where everything stands on a screen; the same for drawing and for the mouse.
struct Layout: Hashable, Sendable {
  /// The smallest screen that is drawn.
  static let smallest = (height: 5, width: 20)
  /// From this height on there is a header.
  private static let headerHeight = 10
  /// From this height on the list has a border.
  private static let borderedHeight = 16
  /// From this height on there is a drain lane.
  private static let laneHeight = 12
  /// From this width on two panes stand side by side.
  private static let sideBySideWidth = 60

  /// Whether only a message fits.
  var isTooSmall = false
  /// The top line.
  var header: Rect?
  /// The list, its border included; nil while a pane is zoomed.
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

  /// The size of a terminal that fills the place of all panes.
  var terminalSize: TerminalSize {
    guard let first = panes.first?.outer, let last = panes.last else { return TerminalSize() }
    let whole = Rect(
      row: first.row, column: first.column, height: last.outer.bottom - first.row,
      width: last.outer.right - first.column)
    return PaneFrame(stream: .stdout, outer: whole, hasBorder: last.hasBorder).terminalSize
  }

  /// The layout of a model's screen.
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
    let smallest = hasBorders ? 4 : 3
    guard streams.count == 2, !model.isZoomed else { return [frame(shown(model, streams), area)] }
    if model.arrangement == .sideBySide, area.width >= sideBySideWidth {
      let left = (area.width + 1) / 2
      return [
        frame(.stdout, Rect(row: area.row, column: 0, height: area.height, width: left)),
        frame(.stderr, Rect(row: area.row, column: left, height: area.height, width: area.width - left)),
      ]
    }
    guard area.height >= 2 * smallest else { return [frame(shown(model, streams), area)] }
    var rest = area
    let lower = takeBottom(max(smallest, area.height * 2 / 5), from: &rest)
    return [frame(.stdout, rest), frame(.stderr, lower)]
  }

  /// The one stream that is shown when there is room for one.
  private static func shown(_ model: Model, _ streams: [ExecStream]) -> ExecStream {
    guard let focused = model.focus.stream, streams.contains(focused) else { return streams.first ?? .stdout }
    return focused
  }
}

import Cells

/// Where the parts of the holding page stand.
struct HoldLayout: Hashable, Sendable {
  /// The top line.
  let header: Rect
  /// The gates and the process, with their border.
  let gates: Rect
  /// The two halves, with their borders.
  let halves: [Rect]
  /// What really happened, with its border; nil where there is no room.
  let timeline: Rect?

  /// Rows of the gates with their border: two streams, the exit, the process.
  private static let gateRows = 6
  private static let leastHalf = 6

  /// The layout of a screen; the lab's own smallest size holds.
  init(height: Int, width: Int) {
    header = Rect(row: 0, column: 0, height: 1, width: width)
    gates = Rect(row: 1, column: 0, height: Self.gateRows, width: width)
    let room = max(0, height - 1 - gates.bottom)
    let timelineRows = room >= Self.leastHalf + 4 ? max(4, room * 2 / 5) : 0
    let half = width / 2
    let rows = room - timelineRows
    halves = [
      Rect(row: gates.bottom, column: 0, height: rows, width: half),
      Rect(row: gates.bottom, column: half, height: rows, width: width - half),
    ]
    timeline =
      timelineRows == 0
      ? nil : Rect(row: gates.bottom + rows, column: 0, height: timelineRows, width: width)
  }
}

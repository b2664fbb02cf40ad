import ExecModel

extension OutputGap {
  /// The words where a pane or a column is narrow.
  var shortWords: String {
    switch self {
    case .joinedLate: "attached late"
    case .lost: "output lost in a cut"
    case .uncertain: "cut: lost or doubled"
    case .unprovenEnd: "cut before the end"
    case .unreachable: "output not reachable"
    }
  }

  /// How much it weighs against another reason of the same stream: what is gone before what may be.
  var weight: Int {
    switch self {
    case .unreachable: 4
    case .lost: 3
    case .uncertain: 2
    case .unprovenEnd: 1
    case .joinedLate: 0
    }
  }
}

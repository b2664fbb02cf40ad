import ExecModel

/// What is done about output that the record lacks.
enum Losses: Hashable, Sendable {
  /// It is a failure: the command is ours, and its output was promised whole.
  case fail
  /// It is told, and reading goes on behind it: the record is somebody else's, or of the past.
  case told

  /// One line on standard error for each gap.
  var report: StreamReader.Missing? {
    switch self {
    case .fail: nil
    case .told:
      { stream, range in
        let count = range.upperBound - range.lowerBound
        Diagnostics.print("\(stream.name): \(count) bytes from offset \(range.lowerBound) on are not kept any more")
      }
    }
  }
}

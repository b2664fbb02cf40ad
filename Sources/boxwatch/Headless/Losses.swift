import ExecModel

/// What is done about output that the record lacks.
enum Losses: Hashable, Sendable {
  /// It is a failure, since the command is ours and its output was promised whole; of a record that is lost it is told.
  case fail
  /// It is told, and reading goes on behind it: the record is another boxwatch's, or of the past.
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

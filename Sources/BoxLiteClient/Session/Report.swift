import ExecModel

/// One report that waits for the sink.
enum Report: Sendable {
  case output(ExecStream, ArraySlice<UInt8>)
  case gap(ExecStream, OutputGap)
  case end(ExecStream)
  case exited(ExitStatus)
  /// Nothing more is known; of a command whose exit was told, the streams that are still open were given up.
  case lost
}

/// How a stream stands after a turn.
enum StreamVerdict {
  /// Nothing more for now, or the turn's budget is used up.
  case more
  /// The sink did not take everything.
  case stalled
  /// The end was read.
  case ended
  /// Emptied without having ended.
  case cut
  /// Reading or watching it failed, by error number.
  case failed(Int32)
}

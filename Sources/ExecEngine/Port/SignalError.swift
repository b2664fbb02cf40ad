/// Why a signal was not sent.
public enum SignalError: Error, Hashable, Sendable {
  /// The execution is over; there is no process to signal.
  case ended
  /// The box cannot deliver signals.
  case unsupported
  /// The kernel refused, by its error number (kill(2)).
  case system(Int32)
}

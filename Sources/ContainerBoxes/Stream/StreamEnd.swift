/// How a connection that carried a command's output ended.
enum StreamEnd: Hashable, Sendable {
  /// The engine said that nothing follows (the last chunk of an HTTP body).
  case said
  /// The engine closed it; whether all was sent has to be asked.
  case closed
  /// It broke, or brought what it must not bring.
  case broken(String)
}

/// The first byte of a binary frame from the server: which stream follows.
public enum OutputChannel: UInt8, Hashable, Sendable, CaseIterable {
  /// Standard output; with a terminal everything.
  case stdout = 1
  /// Standard error.
  case stderr = 2
}

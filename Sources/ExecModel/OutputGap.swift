/// Why a stream is not known to be whole at one place; told by boxes that sit behind a connection.
public enum OutputGap: UInt8, Hashable, Sendable, Codable, CaseIterable {
  /// Output from before boxwatch was there cannot be had.
  case joinedLate = 1
  /// The connection was cut, and bytes that came meanwhile are gone.
  case lost
  /// The connection was cut, and nobody knows whether bytes are missing here or come twice.
  case uncertain
  /// The end was heard of after a cut, and nobody knows whether more was written.
  case unprovenEnd
  /// The engine hands the output to whoever started the command, and to nobody else.
  case unreachable

  /// A few words for a person.
  public var words: String {
    switch self {
    case .joinedLate: "attached late: what came before cannot be had"
    case .lost: "the connection was cut: output is missing here"
    case .uncertain: "the connection was cut: output may be missing or come twice here"
    case .unprovenEnd: "the connection was cut before the end: output may be missing"
    case .unreachable: "seen, output not reachable: the engine hands it to nobody but whoever started it"
    }
  }
}

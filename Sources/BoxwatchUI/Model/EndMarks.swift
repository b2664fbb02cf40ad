public import ExecModel

/// The times of the steps of an execution's end, in nanoseconds since its creation: the data of the
/// drain lane.
public struct EndMarks: Hashable, Sendable {
  /// The maximum number of arrivals kept per stream.
  static let arrivalLimit = 32

  /// The last arrivals on each stream, oldest first.
  public internal(set) var arrivals = PerStream<[UInt64]>(repeating: [])
  /// When each stream reached its end or was given up.
  public internal(set) var ends: PerStream<UInt64?> = [:]
  /// When the reaper reported the process's exit.
  public internal(set) var exited: UInt64?
  /// When the terminal event was published.
  public internal(set) var exit: UInt64?
  /// When waits were answered, at most the first 32.
  public internal(set) var waits: [UInt64] = []

  mutating func arrived(_ stream: ExecStream, _ time: UInt64) {
    if arrivals[stream].count >= Self.arrivalLimit { arrivals[stream].removeFirst() }
    arrivals[stream].append(time)
  }

  mutating func ended(_ stream: ExecStream, _ time: UInt64) { ends[stream] = ends[stream] ?? time }

  mutating func answered(_ time: UInt64) {
    if waits.count < Self.arrivalLimit { waits.append(time) }
  }
}

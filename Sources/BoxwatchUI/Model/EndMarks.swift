import ExecModel

/// The times of the steps of an execution's end, in nanoseconds since its creation: the data of the
/// drain lane.
public struct EndMarks: Hashable, Sendable {
  /// The maximum number of arrivals kept per stream.
  static let arrivalLimit = 32

  /// The last arrivals on standard output, oldest first.
  public internal(set) var stdout: [UInt64] = []
  /// The last arrivals on standard error, oldest first.
  public internal(set) var stderr: [UInt64] = []
  /// When standard output reached end of stream or was given up.
  public internal(set) var stdoutEnd: UInt64?
  /// When standard error reached end of stream or was given up.
  public internal(set) var stderrEnd: UInt64?
  /// When the reaper reported the process's exit.
  public internal(set) var exited: UInt64?
  /// When the terminal event was published.
  public internal(set) var exit: UInt64?
  /// When waits were answered, at most the first 32.
  public internal(set) var waits: [UInt64] = []

  /// The arrivals of a stream.
  func arrivals(_ stream: ExecStream) -> [UInt64] {
    switch stream {
    case .stdout: stdout
    case .stderr: stderr
    }
  }

  /// The end of a stream.
  func end(_ stream: ExecStream) -> UInt64? {
    switch stream {
    case .stdout: stdoutEnd
    case .stderr: stderrEnd
    }
  }

  mutating func arrived(_ stream: ExecStream, _ time: UInt64) {
    switch stream {
    case .stdout: Self.remember(time, in: &stdout)
    case .stderr: Self.remember(time, in: &stderr)
    }
  }

  mutating func ended(_ stream: ExecStream, _ time: UInt64) {
    switch stream {
    case .stdout: stdoutEnd = stdoutEnd ?? time
    case .stderr: stderrEnd = stderrEnd ?? time
    }
  }

  mutating func answered(_ time: UInt64) {
    if waits.count < Self.arrivalLimit { waits.append(time) }
  }

  private static func remember(_ time: UInt64, in times: inout [UInt64]) {
    if times.count >= arrivalLimit { times.removeFirst() }
    times.append(time)
  }
}

public import JSON

/// What a boxwatch tells its own user of an execution, beside what BoxLite's clients know.
public struct ExecutionDetails: Hashable, Sendable {
  /// Where an execution stands, without regard to who has been told.
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// The command does not run yet.
    case starting
    /// It runs.
    case running
    /// It has ended, and something still holds its streams.
    case draining
    /// Its streams are being given up.
    case emptying
    /// Over: the terminal event is published.
    case done
  }

  /// The name for people; nil for none.
  public var name: String?
  /// The name of its box.
  public var box: String
  /// Where it stands.
  public var state: State
  /// Bytes of standard output so far.
  public var stdoutBytes: UInt64
  /// Bytes of standard error so far.
  public var stderrBytes: UInt64

  /// Makes details.
  public init(name: String?, box: String, state: State, stdoutBytes: UInt64, stderrBytes: UInt64) {
    (self.name, self.box, self.state) = (name, box, state)
    (self.stdoutBytes, self.stderrBytes) = (stdoutBytes, stderrBytes)
  }

  /// The members that are added to an execution's reply; a name that there is not is left out.
  public var members: [JSONMember] {
    let name = name.map { [JSONMember("name", .string($0))] } ?? []
    return name + [
      JSONMember("box", .string(box)), JSONMember("state", .string(state.rawValue)),
      JSONMember("stdout_bytes", .integer(Int64(clamping: stdoutBytes))),
      JSONMember("stderr_bytes", .integer(Int64(clamping: stderrBytes))),
    ]
  }
}

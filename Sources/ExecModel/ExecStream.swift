/// One of the two output streams of an execution, numbered as BoxLite's attach frames number them.
public enum ExecStream: UInt8, Sendable, Hashable, Codable, CaseIterable {
  /// Standard output; with a terminal also everything that was written to standard error.
  case stdout = 1
  /// Standard error.
  case stderr = 2

  /// The stream's name as the field writes it: `stdout` or `stderr`.
  public var name: String {
    switch self {
    case .stdout: "stdout"
    case .stderr: "stderr"
    }
  }
}

/// A set of output streams, small enough to live in a state.
public struct StreamSet: OptionSet, Hashable, Sendable, Codable {
  /// Bit 0 is standard output, bit 1 standard error.
  public let rawValue: UInt8

  /// Makes a set from its bits; unknown bits are kept and never match a stream.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The set that holds one stream.
  public init(_ stream: ExecStream) { self.init(rawValue: stream.rawValue) }

  /// Standard output alone: what an execution with a terminal has.
  public static let stdout = StreamSet(.stdout)
  /// Standard error alone.
  public static let stderr = StreamSet(.stderr)
  /// Both streams: what an execution over pipes has.
  public static let both: StreamSet = [.stdout, .stderr]

  /// The members, standard output first.
  public var streams: [ExecStream] { ExecStream.allCases.filter(contains) }

  /// Whether `stream` is a member.
  public func contains(_ stream: ExecStream) -> Bool { contains(StreamSet(stream)) }

  /// The set with `stream`.
  public func inserting(_ stream: ExecStream) -> StreamSet { union(StreamSet(stream)) }

  /// The set without `stream`.
  public func removing(_ stream: ExecStream) -> StreamSet { subtracting(StreamSet(stream)) }

  /// The members' names joined by `and`: `stdout and stderr`.
  public var names: String { streams.map(\.name).joined(separator: " and ") }
}

/// One number for each output stream.
public struct StreamCounts: Hashable, Sendable, Codable {
  /// Standard output's number.
  public var stdout: UInt64
  /// Standard error's number.
  public var stderr: UInt64

  /// Makes a pair of numbers.
  public init(stdout: UInt64 = 0, stderr: UInt64 = 0) {
    self.stdout = stdout
    self.stderr = stderr
  }

  /// The number of one stream.
  public subscript(stream: ExecStream) -> UInt64 {
    get {
      switch stream {
      case .stdout: stdout
      case .stderr: stderr
      }
    }
    set {
      switch stream {
      case .stdout: stdout = newValue
      case .stderr: stderr = newValue
      }
    }
  }

  /// Both together.
  public var total: UInt64 { stdout &+ stderr }
}

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

/// A process that keeps an exited execution's stream open.
public struct PipeHolder: Hashable, Sendable, Codable {
  /// The process's number on the host.
  public var processIdentifier: Int32
  /// Its command, arguments joined by spaces.
  public var command: String
  /// The streams it holds.
  public var streams: StreamSet

  /// Makes a record of one holder.
  public init(processIdentifier: Int32, command: String, streams: StreamSet) {
    self.processIdentifier = processIdentifier
    self.command = command
    self.streams = streams
  }
}

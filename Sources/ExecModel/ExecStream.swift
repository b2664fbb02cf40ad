/// One of the two output streams of an execution; raw values are the stream numbers of BoxLite's attach frames.
public enum ExecStream: UInt8, Sendable, Hashable, CaseIterable {
  /// Standard output; with a terminal it also carries standard error.
  case stdout = 1
  /// Standard error.
  case stderr = 2

  /// `stdout` or `stderr`.
  public var name: String {
    switch self {
    case .stdout: "stdout"
    case .stderr: "stderr"
    }
  }
}

/// A set of output streams.
public struct StreamSet: OptionSet, Hashable, Sendable {
  /// Bit 0 is standard output, bit 1 is standard error.
  public let rawValue: UInt8

  /// Makes a set from its bits; unknown bits are dropped, so that a set that is not empty has a stream.
  public init(rawValue: UInt8) { self.rawValue = rawValue & 3 }

  /// The set that holds one stream.
  public init(_ stream: ExecStream) { self.init(rawValue: stream.rawValue) }

  /// Standard output alone: the stream of an execution with a terminal.
  public static let stdout = StreamSet(.stdout)
  /// Standard error alone.
  public static let stderr = StreamSet(.stderr)
  /// Both streams: those of an execution over pipes.
  public static let both: StreamSet = [.stdout, .stderr]

  /// The members, standard output first.
  public var streams: [ExecStream] { ExecStream.allCases.filter(contains) }

  /// Whether `stream` is a member.
  public func contains(_ stream: ExecStream) -> Bool { contains(StreamSet(stream)) }

  /// The set with `stream`.
  public func inserting(_ stream: ExecStream) -> StreamSet { union(StreamSet(stream)) }

  /// The set without `stream`.
  public func removing(_ stream: ExecStream) -> StreamSet { subtracting(StreamSet(stream)) }

  /// The members' names joined by "and": `stdout and stderr`.
  public var names: String { streams.map(\.name).joined(separator: " and ") }
}

/// Why a stream may lack bytes at one offset; reported by boxes behind a connection.
public enum OutputGap: UInt8, Hashable, Sendable, CaseIterable {
  /// Output from before boxwatch attached is not available.
  case joinedLate = 1
  /// The connection was cut, and the bytes sent meanwhile are lost.
  case lost
  /// The connection was cut; bytes may be missing or repeated here.
  case uncertain
  /// The exit was reported after a cut; more output may have been written.
  case unprovenEnd
  /// The engine sends the output only to the client that started the command.
  case unreachable

  /// A few words for display.
  public var words: String {
    switch self {
    case .joinedLate: "attached late: earlier output is not available"
    case .lost: "the connection was cut: output is missing here"
    case .uncertain: "the connection was cut: output may be missing or repeated here"
    case .unprovenEnd: "the connection was cut before the end: output may be missing"
    case .unreachable: "output not available: the engine sends it only to the client that started the command"
    }
  }
}

/// A process that holds a stream of an exited execution open.
public struct PipeHolder: Hashable, Sendable {
  /// The process ID on the host.
  public var processIdentifier: Int32
  /// The command line, arguments joined by spaces.
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

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

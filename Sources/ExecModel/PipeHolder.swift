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

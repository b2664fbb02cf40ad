public import ExecModel

/// An execution that is on the screen, and whose use of processor and memory is to be measured.
public struct UsageTarget: Hashable, Sendable {
  /// The execution.
  public var id: ExecutionID
  /// The box it runs in, which is measured too.
  public var box: String
  /// Its process on this host, as its record tells.
  public var processIdentifier: Int32?
  /// When it was created, in nanoseconds on the monotonic clock.
  public var created: UInt64
  /// Who holds its streams open after its exit.
  public var holders: [Int32]

  /// Makes a target.
  public init(
    id: ExecutionID, box: String, processIdentifier: Int32? = nil, created: UInt64 = 0,
    holders: [Int32] = []
  ) {
    self.id = id
    self.box = box
    self.processIdentifier = processIdentifier
    self.created = created
    self.holders = holders
  }
}

/// What everything in one box uses together, as its control group counts it; nil is not counted here.
public struct BoxUsage: Hashable, Sendable {
  /// Memory now, in bytes.
  public var memory: UInt64?
  /// Time on processors so far, in nanoseconds.
  public var processorNanoseconds: UInt64?
  /// Processes and threads now.
  public var processes: Int?

  /// Makes a usage.
  public init(memory: UInt64? = nil, processorNanoseconds: UInt64? = nil, processes: Int? = nil) {
    self.memory = memory
    self.processorNanoseconds = processorNanoseconds
    self.processes = processes
  }
}

/// What a command, or everything in one box together, uses of memory and processors; nil is not counted.
public struct ResourceUsage: Hashable, Sendable {
  /// Memory now, in bytes.
  public var memory: UInt64?
  /// Time on processors so far, in nanoseconds.
  public var processorNanoseconds: UInt64?
  /// Processes now, with threads where a control group counts.
  public var processes: Int?

  /// Makes a usage.
  public init(memory: UInt64? = nil, processorNanoseconds: UInt64? = nil, processes: Int? = nil) {
    self.memory = memory
    self.processorNanoseconds = processorNanoseconds
    self.processes = processes
  }
}

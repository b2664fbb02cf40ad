public import ExecModel

/// An execution on the screen whose processor and memory usage is to be measured.
public struct UsageTarget: Hashable, Sendable {
  /// The execution.
  public var id: ExecutionID
  /// The box it runs in, which is measured too.
  public var box: String
  /// Its process on this host, from its record.
  public var processIdentifier: Int32?
  /// When it was created, in nanoseconds on the monotonic clock.
  public var created: UInt64
  /// The processes that hold its streams open after its exit.
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

/// The usage over an interval that ends now.
public struct UsageSample: Hashable, Sendable {
  /// Thousandths of one processor, averaged over the interval; nil for the first measurement.
  public var processor: UInt64?
  /// Memory at the end of the interval in bytes; nil when it is not measured.
  public var memory: UInt64?

  /// Makes a sample.
  public init(processor: UInt64? = nil, memory: UInt64? = nil) {
    self.processor = processor
    self.memory = memory
  }
}

/// The last usage samples of an execution or a whole box, for the list's columns.
public struct UsageHistory: Hashable, Sendable {
  /// The maximum number of samples kept.
  static let limit = 8

  /// Thousandths of one processor, oldest first.
  public private(set) var processor: [UInt64] = []
  /// Bytes, oldest first.
  public private(set) var memory: [UInt64] = []

  /// Appends a sample; one without an earlier measurement to compare with restarts the history.
  mutating func take(_ sample: UsageSample) {
    guard let used = sample.processor else {
      (processor, memory) = ([], sample.memory.map { [$0] } ?? [])
      return
    }
    processor = (processor + [used]).suffix(Self.limit)
    memory = (memory + (sample.memory.map { [$0] } ?? [])).suffix(Self.limit)
  }

  /// Whether there is nothing to show.
  var isEmpty: Bool { processor.isEmpty && memory.isEmpty }
}

/// Bytes per half second over the last while: the data of the sparkline and the rate column.
public struct RateHistory: Hashable, Sendable {
  /// The length of a bucket in nanoseconds.
  static let bucketLength: UInt64 = 500_000_000
  /// The maximum number of closed buckets kept.
  static let limit = 24

  /// The closed buckets, oldest first.
  public private(set) var buckets: [UInt64] = []
  private var current: UInt64 = 0
  private var start: UInt64?

  /// Counts bytes that arrived.
  mutating func add(_ bytes: UInt64) { current = current &+ bytes }

  /// Closes the buckets that have ended.
  mutating func advance(to now: UInt64) {
    guard let begun = start, now >= begun else {
      start = now
      return
    }
    let passed = (now - begun) / Self.bucketLength
    guard passed > 0 else { return }
    start = begun + passed * Self.bucketLength
    close(passed: Int(clamping: min(passed, UInt64(Self.limit))))
  }

  private mutating func close(passed: Int) {
    buckets.append(current)
    buckets.append(contentsOf: repeatElement(0, count: passed - 1))
    buckets.removeFirst(max(0, buckets.count - Self.limit))
    current = 0
  }

  /// Bytes per second over the last two closed buckets.
  public var bytesPerSecond: UInt64 {
    let recent = buckets.suffix(2)
    guard !recent.isEmpty else { return 0 }
    return recent.reduce(0, &+) &* 2 / UInt64(recent.count)
  }

  /// Whether every bucket is empty.
  var isQuiet: Bool { current == 0 && buckets.allSatisfy { $0 == 0 } }
}

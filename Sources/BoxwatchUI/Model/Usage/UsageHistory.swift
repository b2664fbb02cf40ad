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

/// What was used in a while that ended now.
public struct UsageSample: Hashable, Sendable {
  /// Thousandths of one processor, on average over the while; nil when there was nothing to compare with.
  public var processor: UInt64?
  /// Memory at its end, in bytes; nil when it is not counted.
  public var memory: UInt64?

  /// Makes a sample.
  public init(processor: UInt64? = nil, memory: UInt64? = nil) {
    self.processor = processor
    self.memory = memory
  }
}

/// The last samples of what an execution, or a whole box, uses: data of the list's columns.
public struct UsageHistory: Hashable, Sendable {
  /// How many are kept.
  static let limit = 8

  /// Thousandths of one processor, oldest first.
  public private(set) var processor: [UInt64] = []
  /// Bytes, oldest first.
  public private(set) var memory: [UInt64] = []

  /// Takes the next sample; one that had nothing to compare with begins anew.
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

/// Bytes per half second over the last while: the sparkline's and the rate column's data.
public struct RateHistory: Hashable, Sendable {
  /// One bucket's length in nanoseconds.
  static let bucketLength: UInt64 = 500_000_000
  /// How many closed buckets are kept.
  static let limit = 24

  /// The closed buckets, oldest first.
  public private(set) var buckets: [UInt64] = []
  private var current: UInt64 = 0
  private var start: UInt64?

  /// Counts bytes that arrived.
  mutating func add(_ bytes: UInt64) { current = current &+ bytes }

  /// Closes the buckets whose time is over.
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

  /// Whether there is nothing to show or to forget.
  var isQuiet: Bool { current == 0 && buckets.allSatisfy { $0 == 0 } }
}

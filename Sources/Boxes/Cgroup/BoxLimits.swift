public import ExecModel

/// What bounds everything in one box together; nil is unbounded.
public struct BoxLimits: Hashable, Sendable, Codable {
  /// The most memory, in bytes; none of it may be swapped out.
  public var memory: UInt64?
  /// The most time on processors, in thousandths of one: 1500 is one and a half.
  public var milliProcessors: UInt32?
  /// The most processes and threads, without bubblewrap's own.
  public var processes: UInt32?

  /// Makes limits; without arguments there are none.
  public init(memory: UInt64? = nil, milliProcessors: UInt32? = nil, processes: UInt32? = nil) {
    self.memory = memory
    self.milliProcessors = milliProcessors
    self.processes = processes
  }

  /// Whether nothing is bounded.
  public var isEmpty: Bool { self == BoxLimits() }

  /// These, with those of `other` instead where it has any.
  func replacing(_ other: BoxLimits) -> BoxLimits {
    BoxLimits(
      memory: other.memory ?? memory, milliProcessors: other.milliProcessors ?? milliProcessors,
      processes: other.processes ?? processes)
  }

  /// Reads a size such as `512M` or `2G` (powers of 1024), at least 8M.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for anything else.
  public static func memory(text: String) throws(TextValueError) -> UInt64 {
    let shifts: [Character: UInt64] = ["K": 10, "M": 20, "G": 30, "T": 40, "k": 10, "m": 20, "g": 30, "t": 40]
    guard let last = text.last, let shift = shifts[last], let count = UInt64(text.dropLast()), count < 1 << 20,
      text.utf8.dropLast().allSatisfy(isDigit)
    else { throw TextValueError("'\(text)' is no amount of memory: write 512M or 2G") }
    guard count << shift >= 8 << 20 else {
      throw TextValueError("'\(text)' of memory is too little to start a command in: allow at least 8M")
    }
    return count << shift
  }

  /// Reads a number of processors such as `1.5`, with at most three decimals, 0.01 to 1024.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for anything else.
  public static func milliProcessors(text: String) throws(TextValueError) -> UInt32 {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let decimals = parts.count == 2 ? parts[1] : "0"
    guard parts.count <= 2, (1...3).contains(decimals.count), decimals.utf8.allSatisfy(isDigit),
      let first = parts.first, (1...4).contains(first.count), first.utf8.allSatisfy(isDigit),
      let whole = UInt32(first), let part = UInt32(decimals + String(repeating: "0", count: 3 - decimals.count))
    else { throw TextValueError("'\(text)' is no number of processors: write 2 or 1.5") }
    let thousandths = whole * 1000 + part
    guard (10...1_024_000).contains(thousandths) else {
      throw TextValueError("'\(text)' processors cannot be given: write 0.01 to 1024")
    }
    return thousandths
  }

  /// Reads a number of processes, 1 to 4194304 (the kernel's largest, proc_sys_kernel(5)).
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for anything else.
  public static func processes(text: String) throws(TextValueError) -> UInt32 {
    guard let count = UInt32(text), text.utf8.allSatisfy(isDigit), (1...4_194_304).contains(count) else {
      throw TextValueError("'\(text)' is no number of processes: write 1 to 4194304")
    }
    return count
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

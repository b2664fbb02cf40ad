import ExecModel
import Synchronization

/// The part of a journal that could not be written to the disk, in memory, for readers in the writer's process.
///
/// It begins where the files end, with the same offsets and numbers, so that cursors continue into it.
final class MemoryRecord: Sendable {
  /// Bytes of output, and of records, that a finished execution keeps after it was shrunk.
  static let remnant: UInt64 = 16 << 10

  private let budget: MemoryBudget
  private struct Parts {
    var streams: PerStream<MemoryFile?> = [:]
    var events: MemoryFile?
  }

  private let isInUse = Atomic<Bool>(false)
  private let parts = Mutex(Parts())

  init(_ budget: MemoryBudget = .shared) { self.budget = budget }

  deinit { if isUsed { budget.leave() } }

  /// The events in memory; nil while the record is on the disk.
  var events: MemoryFile? { isInUse.load(ordering: .acquiring) ? parts.withLock { $0.events } : nil }

  /// The bytes of a stream in memory; nil when there are none.
  subscript(stream: ExecStream) -> MemoryFile? {
    guard isInUse.load(ordering: .acquiring) else { return nil }
    return parts.withLock { $0.streams[stream] }
  }

  /// Whether the disk is given up.
  var isUsed: Bool { isInUse.load(ordering: .acquiring) }

  /// Bytes of output kept now, of both streams together, and bytes of records.
  var limit: UInt64 { budget.share }

  /// Makes the file of the records from `offset` on, which gives the disk up.
  func beginEvents(at offset: UInt64) -> MemoryFile {
    budget.join()
    let file = MemoryFile(from: offset, budget)
    parts.withLock { $0.events = file }
    isInUse.store(true, ordering: .releasing)
    return file
  }

  /// Makes the file of a stream's bytes from `offset` on.
  func begin(_ stream: ExecStream, at offset: UInt64) -> MemoryFile {
    let file = MemoryFile(from: offset, budget)
    parts.withLock { $0.streams[stream] = file }
    return file
  }
}

/// The memory that all records in memory of one process may take, in equal shares.
///
/// A finished record keeps its share until it is released; its engine shrinks it (``JournalWriter/shrink()``).
final class MemoryBudget: Sendable {
  /// The budget of this process.
  static let shared = MemoryBudget(64 << 20)
  /// The smallest and the largest share, in bytes.
  static let shares: ClosedRange<UInt64> = 64 << 10...4 << 20

  private let bytes: UInt64
  private let users = Atomic<UInt64>(0)

  /// Makes a budget of this many bytes of output.
  init(_ bytes: UInt64) { self.bytes = bytes }

  /// The current share of each record.
  var share: UInt64 {
    min(max(bytes / max(users.load(ordering: .relaxed), 1), Self.shares.lowerBound), Self.shares.upperBound)
  }

  func join() { users.add(1, ordering: .relaxed) }
  func leave() { users.subtract(1, ordering: .relaxed) }
}

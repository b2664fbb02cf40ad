import ExecModel
import Synchronization

/// The part of a journal that its disk does not take, in memory: for the readers of the writer's own process.
///
/// It begins where the files end, with the same offsets and numbers, so that cursors go on over it.
final class MemoryRecord: Sendable {
  /// Bytes of output that are left, and bytes of records, when an execution is over and others need the room.
  static let remnant: UInt64 = 16 << 10

  private let budget: MemoryBudget
  private struct Parts {
    var stdout: MemoryFile?
    var stderr: MemoryFile?
    var events: MemoryFile?
  }

  private let isInUse = Atomic<Bool>(false)
  private let parts = Mutex(Parts())

  init(_ budget: MemoryBudget = .shared) { self.budget = budget }

  deinit { if isUsed { budget.leave() } }

  /// The events that are here; nil as long as the record is on the disk.
  var events: MemoryFile? { isInUse.load(ordering: .acquiring) ? parts.withLock { $0.events } : nil }

  /// The bytes of a stream that are here; nil as long as none are.
  subscript(stream: ExecStream) -> MemoryFile? {
    guard isInUse.load(ordering: .acquiring) else { return nil }
    return parts.withLock { parts in
      switch stream {
      case .stdout: parts.stdout
      case .stderr: parts.stderr
      }
    }
  }

  /// Whether the disk is given up.
  var isUsed: Bool { isInUse.load(ordering: .acquiring) }

  /// Bytes of output that are kept now, of both streams together, and bytes of records.
  var limit: UInt64 { budget.share }

  /// Makes the file of the records from `offset` on: the disk is given up with that.
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
    parts.withLock { parts in
      switch stream {
      case .stdout: parts.stdout = file
      case .stderr: parts.stderr = file
      }
    }
    return file
  }
}

/// What the records in memory of one process may take together, in equal shares.
///
/// One that is over keeps its share until it is forgotten: it is shrunk by its engine (``JournalWriter/shrink()``).
final class MemoryBudget: Sendable {
  /// That of this process.
  static let shared = MemoryBudget(64 << 20)
  /// The share of one among few, and of one among many, in bytes.
  static let shares: ClosedRange<UInt64> = 64 << 10...4 << 20

  private let bytes: UInt64
  private let users = Atomic<UInt64>(0)

  /// Makes a budget of so many bytes of output.
  init(_ bytes: UInt64) { self.bytes = bytes }

  /// The share of each now.
  var share: UInt64 {
    min(max(bytes / max(users.load(ordering: .relaxed), 1), Self.shares.lowerBound), Self.shares.upperBound)
  }

  func join() { users.add(1, ordering: .relaxed) }
  func leave() { users.subtract(1, ordering: .relaxed) }
}

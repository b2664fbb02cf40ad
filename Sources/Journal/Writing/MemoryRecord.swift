import ExecModel
import Synchronization

/// The part of a journal that its disk does not take, in memory: for the readers of the writer's own process.
///
/// It begins where the files end, with the same offsets and numbers, so that cursors go on over it.
final class MemoryRecord: Sendable {
  /// Bytes of output that are kept, of both streams together, and bytes of records.
  static let limit: UInt64 = 4 << 20

  private struct Parts {
    var stdout: MemoryFile?
    var stderr: MemoryFile?
    var events: MemoryFile?
  }

  private let isInUse = Atomic<Bool>(false)
  private let parts = Mutex(Parts())

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

  /// Makes the file of the records from `offset` on: the disk is given up with that.
  func beginEvents(at offset: UInt64) -> MemoryFile {
    let file = MemoryFile(from: offset)
    parts.withLock { $0.events = file }
    isInUse.store(true, ordering: .releasing)
    return file
  }

  /// Makes the file of a stream's bytes from `offset` on.
  func begin(_ stream: ExecStream, at offset: UInt64) -> MemoryFile {
    let file = MemoryFile(from: offset)
    parts.withLock { parts in
      switch stream {
      case .stdout: parts.stdout = file
      case .stderr: parts.stderr = file
      }
    }
    return file
  }
}

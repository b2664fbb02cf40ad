import Synchronization

/// A buffer for the bytes of journals, shared by all readers of one thread: it costs the same for any number of executions.
final class ReadBuffer: Sendable {
  /// Bytes of one chunk at most: 256 KiB.
  static let size = 256 << 10

  private let bytes = Mutex([UInt8](repeating: 0, count: size))

  /// Calls `body` with the buffer; another thread would wait.
  func withBytes(_ body: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
    try bytes.withLock { bytes in try bytes.withUnsafeMutableBytes(body) }
  }
}

import BoxLiteWire
import ExecModel
import Journal
import NIOCore

/// How far one stream has been sent, and how far it may be.
struct OutputCursor {
  /// The next byte to send.
  var next: UInt64
  /// The first byte that is not published yet.
  var limit: UInt64 = 0
  /// Whether a character cut at the limit must be sent as it is: nothing follows, or not in time.
  var mayCut = false
  /// Whether what is left is half a character that waits for its rest.
  var isHeld = false

  /// Whether there is something to send.
  var isReady: Bool { next < limit && !isHeld }

  mutating func publish(upTo limit: UInt64) {
    self.limit = max(self.limit, limit)
    isHeld = false
  }

  mutating func release() {
    mayCut = true
    isHeld = false
  }

  /// What a turn of sending found.
  enum Piece {
    /// A frame's payload, with its channel byte.
    case frame(ByteBuffer)
    /// Nothing now: half a character waits.
    case held
    /// These bytes are gone.
    case evicted(Range<UInt64>)
    /// The disk would have to be waited for.
    case cold
    /// The journal's file does not have what it published.
    case missing
  }

  /// Takes the next frame's bytes from the journal.
  ///
  /// - Parameter mayWait: whether the disk may be waited for.
  mutating func take(
    _ stream: ExecStream, from journal: JournalReader, mayWait: Bool, _ allocator: ByteBufferAllocator
  ) throws -> Piece {
    let wanted = Int(min(limit &- next, UInt64(FrameCut.maximum)))
    var buffer = allocator.buffer(capacity: wanted + 1)
    buffer.writeInteger(stream.rawValue)
    var result: ReadResult? = .bytes(0)
    var failure: JournalError?
    var length = 0
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { space in
      let target = UnsafeMutableRawBufferPointer(rebasing: space[..<wanted])
      do throws(JournalError) {
        result =
          mayWait
          ? try journal.read(stream, at: next, into: target) : try journal.readCached(stream, at: next, into: target)
      } catch { failure = error }
      guard case .bytes(let count)? = result else { return 0 }
      length = count
      if !(mayCut && next &+ UInt64(count) == limit) {
        length = FrameCut.length(UnsafeRawBufferPointer(rebasing: target[..<count]))
      }
      return length
    }
    if let failure { throw failure }
    switch result {
    case nil: return .cold
    case .evicted(let head):
      defer { next = head }
      return .evicted(next..<head)
    case .bytes(0): return .missing
    case .bytes:
      guard length > 0 else {
        isHeld = true
        return .held
      }
      next &+= UInt64(length)
      return .frame(buffer)
    }
  }
}

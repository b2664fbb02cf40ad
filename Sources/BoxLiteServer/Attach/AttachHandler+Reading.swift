import ExecEngine
import ExecModel
import Journal
import NIOCore
import NIOPosix
import NIOWebSocket

// Reads that may block on the disk, off the event loop: one read at a time, so that order is kept.
extension AttachHandler {
  /// The number of bytes read ahead when output is not in memory: several turns' frames.
  private static let ahead = 1 << 20

  /// Opens the record and reads its first events; the file's inode may have to be read from the
  /// disk too.
  func openRecord() {
    read { [engine = store.engine, ticket] in
      Result {
        let subscription = try engine.attach(ticket.execution, from: ticket.start)
        return (subscription, try subscription.poll())
      }
    } then: { handler, result in
      handler.subscription = result.0
      handler.note(result.1)
    }
  }

  /// Reads more of the record.
  func readRecord(_ subscription: Subscription) {
    read {
      Result { try subscription.poll() }
    } then: { handler, events in
      handler.note(events)
    }
  }

  /// Reads output into memory (page cache).
  func warm(_ stream: ExecStream, _ journal: JournalReader) {
    let cursor = cursors[stream]
    let wanted = Int(min(cursor.limit &- cursor.next, UInt64(Self.ahead)))
    read { [offset = cursor.next] in
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: wanted, alignment: 1)
      defer { bytes.deallocate() }
      return Result { _ = try journal.read(stream, at: offset, into: bytes) }
    } then: { handler, _ in
      handler.mayWait = true
    }
  }

  /// Stores the events of a read.
  func note(_ events: [RecordedEvent]) {
    isReplaying = events.count == Subscription.batch
    self.events.append(contentsOf: events)
  }

  /// Reads on another thread, returns the result to the event loop, and continues sending.
  private func read<Value: Sendable>(
    _ body: @escaping @Sendable () -> Result<Value, any Error>, then: @escaping @Sendable (AttachHandler, Value) -> Void
  ) {
    guard let loop = context?.eventLoop else { return }
    isReading = true
    let bound = NIOLoopBound(self, eventLoop: loop)
    threads.readers.submit { [door = threads.door] state in
      guard case .active = state else { return }
      let result = body()
      door.execute(on: loop) { bound.value.take(result, then) }
    }
  }

  private func take<Value>(_ result: Result<Value, any Error>, _ then: (AttachHandler, Value) -> Void) {
    isReading = false
    guard phase != .over else { return }
    switch result {
    case .success(let value):
      then(self, value)
      pump()
    case .failure(let error): fail(error)
    }
  }
}

/// Rejects frames that RFC 6455 forbids and the decoder accepts: unmasked frames from a client
/// (section 5.1), reserved bits and opcodes (section 5.2).
///
/// Accounts for the headers of accepted frames, which are no longer held.
final class FrameCheck: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias InboundOut = WebSocketFrame

  /// A frame that the protocol forbids.
  struct Forbidden: Error {}

  private let bytes: ClientBytes?

  init(_ bytes: ClientBytes? = nil) { self.bytes = bytes }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    let isReserved = frame.rsv1 || frame.rsv2 || frame.rsv3
    guard frame.maskKey != nil, !isReserved, Self.known.contains(frame.opcode) else {
      return context.fireErrorCaught(Forbidden())
    }
    bytes?.drop(Self.headLength(frame.length))
    context.fireChannelRead(data)
  }

  /// The number of bytes before a masked payload (RFC 6455, section 5.2).
  private static func headLength(_ payload: Int) -> Int { payload < 126 ? 6 : payload < 65_536 ? 8 : 14 }

  private static let known: [WebSocketOpcode] = [.continuation, .text, .binary, .connectionClose, .ping, .pong]
}

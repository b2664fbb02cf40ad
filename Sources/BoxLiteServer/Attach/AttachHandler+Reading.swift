import ExecEngine
import ExecModel
import Journal
import NIOCore
import NIOPosix
import NIOWebSocket

// Reading that may wait for the disk, away from the event loop: one read at a time, so that order is kept.
extension AttachHandler {
  /// What is fetched at once when output is not in memory: some turns' frames.
  private static let ahead = 1 << 20

  /// Opens the record and takes a first look at it; a file's inode may be on the disk too.
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

  /// Looks at more of the record.
  func readRecord(_ subscription: Subscription) {
    read {
      Result { try subscription.poll() }
    } then: { handler, events in
      handler.note(events)
    }
  }

  /// Has output brought into memory.
  func warm(_ stream: ExecStream, _ journal: JournalReader) {
    guard let cursor = cursors[stream] else { return }
    let wanted = Int(min(cursor.limit &- cursor.next, UInt64(Self.ahead)))
    read { [offset = cursor.next] in
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: wanted, alignment: 1)
      defer { bytes.deallocate() }
      return Result { _ = try journal.read(stream, at: offset, into: bytes) }
    } then: { handler, _ in
      handler.mayWait = true
    }
  }

  /// Keeps what a look at the record gave.
  func note(_ events: [RecordedEvent]) {
    isReplaying = events.count == Subscription.batch
    self.events.append(contentsOf: events)
  }

  /// Reads on another thread, takes the result on ours, and goes on sending.
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

/// Refuses what RFC 6455 forbids and the decoder lets through: frames that a client did not mask (section 5.1), reserved
/// bits and opcodes (section 5.2).
///
/// Notes that the heads of the others are gone.
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

  /// The bytes before a masked payload (RFC 6455, section 5.2).
  private static func headLength(_ payload: Int) -> Int { payload < 126 ? 6 : payload < 65_536 ? 8 : 14 }

  private static let known: [WebSocketOpcode] = [.continuation, .text, .binary, .connectionClose, .ping, .pong]
}

import BoxLiteWire
import DequeModule
import ExecEngine
import ExecModel
import Journal
import NIOCore
import NIOSSL
import NIOWebSocket

/// One attached client: reads the journal through a cursor and writes frames at the client's pace.
///
/// Runs on the connection's event loop. It buffers no output: what the client does not take stays
/// in the journal.
final class AttachHandler: ChannelDuplexHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  /// The phase of the connection.
  enum Phase {
    /// Output is being sent.
    case sending
    /// The exit frame is written, and may still be in our buffers.
    case ending
    /// The kernel has the exit frame; the client's acknowledgement is pending.
    case flushed
    /// Over; the claim is released.
    case over
  }

  let store: Store
  let ticket: AttachTicket
  let signals: [Int32]
  let threads: ServerThreads
  let configuration: ServerConfiguration
  let bytes: ClientBytes
  var context: ChannelHandlerContext?
  var subscription: Subscription?
  var phase = Phase.sending
  var events = Deque<RecordedEvent>()
  /// Whether another thread is reading for this handler; nothing is sent meanwhile.
  var isReading = true
  /// Whether the next read may block on the disk: what it reads was just read ahead.
  var mayWait = false
  /// Whether the last read of the record returned the maximum: what follows may be old, and on the
  /// disk.
  var isReplaying = false
  var cursors: PerStream<OutputCursor>
  var conclusion: Conclusion?
  var acknowledgements: Acknowledgements
  /// When the socket last took data, or had none to take.
  var lastProgress = NIODeadline.now()
  var lastHeard = NIODeadline.now()
  /// When the socket last took data that had waited for room.
  var lastTaken = NIODeadline.now()
  var hasSentClose = false
  var hasHeardClose = false
  var hasFailed = false
  var isHoldTimerSet = false
  /// Bytes of input that the command has not taken.
  var pendingInput = 0
  var replies = Replies()
  /// Whether the socket is not read because of pending input or replies.
  var isReadHeld = false
  var hasToldInputFailure = false
  var refused: Set<String> = []
  var timers: [RepeatedTask] = []

  init(_ parts: ServerParts, _ ticket: AttachTicket, _ bytes: ClientBytes) {
    store = parts.service.store
    signals = parts.service.signals
    threads = parts.threads
    configuration = parts.configuration
    (self.ticket, self.bytes) = (ticket, bytes)
    acknowledgements = Acknowledgements(from: ticket.start)
    cursors = ticket.start.map { OutputCursor(next: $0) }
  }

  /// Returns a function that schedules `body` on this handler's event loop; it may be called from
  /// any thread and does nothing once the handler is over.
  func later(_ body: @escaping @Sendable (AttachHandler) -> Void) -> (@Sendable () -> Void)? {
    guard let loop = context?.eventLoop else { return nil }
    let bound = NIOLoopBound(self, eventLoop: loop)
    return { [door = threads.door] in door.execute(on: loop) { if bound.value.phase != .over { body(bound.value) } } }
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    guard context.channel.isActive else { return end(.open) }
    // The previous handler may have held back a read.
    context.read()
    // Clients disconnect when no frame arrives within 10 s.
    send(.ping, ByteBuffer())
    if let note = ticket.note { say(note) }
    context.flush()
    startTimers(context)
    openRecord()
  }

  func channelInactive(context: ChannelHandlerContext) {
    // After a reset, or when the server closed the connection, the arrival is unknown.
    let isInOrder = phase == .flushed && !hasFailed
    end(isInOrder ? (hasHeardClose ? .sure : .likely) : .open)
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { end(.open) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A client that has the exit frame disconnects, often without TLS close_notify: an orderly end,
    // as far as can be known.
    if case NIOSSLError.uncleanShutdown = error, phase == .flushed { return context.close(promise: nil) }
    hasFailed = true
    switch error {
    case NIOWebSocketError.invalidFrameLength, NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge:
      close(.messageTooLarge)
    case is InputGate.NoRoom:
      complain(
        "this server holds too much unread input from its clients: try again later with smaller messages",
        code: "resource_exhausted")
      // Try Again Later, from IANA's WebSocket close code registry.
      close(.unknown(1013))
    case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error, is FrameCheck.Forbidden: close(.protocolError)
    default: context.close(promise: nil)
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    lastProgress = .now()
    lastTaken = .now()
    // Not at once: this may be called from within our own flush.
    if context.channel.isWritable { later { $0.pump() }?() }
    context.fireChannelWritabilityChanged()
  }

  /// Releases everything, once.
  func end(_ handOver: HandOver) {
    guard phase != .over else { return }
    phase = .over
    for timer in timers { timer.cancel() }
    timers = []
    subscription?.cancel()
    subscription = nil
    context = nil
    store.release(ticket, handOver)
  }
}

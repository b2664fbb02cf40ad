import BoxLiteWire
import DequeModule
import ExecEngine
import ExecModel
import Journal
import NIOCore
import NIOSSL
import NIOWebSocket

/// One attached client: reads the journal through a cursor and writes frames, as fast as the client takes them.
///
/// Lives on its connection's event loop. It holds no output: what the client does not take stays in the journal.
final class AttachHandler: ChannelDuplexHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  /// Where the conversation stands.
  enum Phase {
    /// Output is sent.
    case sending
    /// The exit frame is written, and may still be in our buffers.
    case ending
    /// The kernel has the exit frame; the client's word that it has it too is waited for.
    case flushed
    /// Over; the claim is given back.
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
  /// Whether another thread reads for us; nothing is sent meanwhile.
  var isReading = true
  /// Whether the next read may wait for the disk: what it reads has just been read.
  var mayWait = false
  /// Whether the last look at the record gave as much as there can be: what follows may be old, and on the disk.
  var isReplaying = false
  var cursors: [ExecStream: OutputCursor]
  var conclusion: Conclusion?
  var acknowledgements: Acknowledgements
  /// When the socket last took something, or had nothing to take.
  var lastProgress = NIODeadline.now()
  var lastHeard = NIODeadline.now()
  /// When the socket last took what had waited for room.
  var lastTaken = NIODeadline.now()
  var hasSentClose = false
  var hasHeardClose = false
  var hasFailed = false
  var isHoldTimerSet = false
  /// Bytes of input that the command has not taken.
  var pendingInput = 0
  var replies = Replies()
  /// Whether the socket is not read because of either.
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
    cursors = Dictionary(
      uniqueKeysWithValues: ExecStream.allCases.map { ($0, OutputCursor(next: ticket.start[$0])) })
  }

  /// Runs `body` on this handler's event loop soon, from any thread, unless it is over then.
  func later(_ body: @escaping @Sendable (AttachHandler) -> Void) -> (@Sendable () -> Void)? {
    guard let loop = context?.eventLoop else { return nil }
    let bound = NIOLoopBound(self, eventLoop: loop)
    return { [door = threads.door] in door.execute(on: loop) { if bound.value.phase != .over { body(bound.value) } } }
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    guard context.channel.isActive else { return end(.open) }
    // The handler before may have held a read.
    context.read()
    // Clients leave a connection that gives no frame within 10 s.
    send(.ping, ByteBuffer())
    if let note = ticket.note { say(note) }
    context.flush()
    startTimers(context)
    openRecord()
  }

  func channelInactive(context: ChannelHandlerContext) {
    // After a reset, or when it was us who hung up, nobody knows.
    let isInOrder = phase == .flushed && !hasFailed
    end(isInOrder ? (hasHeardClose ? .sure : .likely) : .open)
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { end(.open) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // Who has the exit frame hangs up, many without TLS's goodbye: an end in order, as far as we can know.
    if case NIOSSLError.uncleanShutdown = error, phase == .flushed { return context.close(promise: nil) }
    hasFailed = true
    switch error {
    case NIOWebSocketError.invalidFrameLength, NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge:
      close(.messageTooLarge)
    case is InputGate.NoRoom:
      complain(
        "this server holds too much input of its clients now: try again later, in smaller messages",
        code: "resource_exhausted")
      // Try Again Later, as IANA's registry of close codes has it.
      close(.unknown(1013))
    case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error, is FrameCheck.Forbidden: close(.protocolError)
    default: context.close(promise: nil)
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    lastProgress = .now()
    lastTaken = .now()
    // Not at once: we may be inside of our own flush.
    if context.channel.isWritable { later { $0.pump() }?() }
    context.fireChannelWritabilityChanged()
  }

  /// Gives everything back, once.
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

import ExecEngine
import ExecModel
import NIOCore

/// Reads frames of one connection and reports their bytes, in order, on the connection's event loop.
///
/// It reads only as much as it can hand on: while the sink takes less than it is offered, or while the stream is held
/// back, at most ``most`` bytes wait here, and the engine blocks. Both streams share the connection, so that one which
/// is not taken holds up the other.
final class FrameStream: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  static let most = 256 << 10

  /// Called when bytes came while they are held back.
  var onHeldBytes: (() -> Void)?
  /// Called once, when the connection has ended and all of it was handed on, or is held back.
  var onEnd: ((StreamEnd) -> Void)?

  private let sink: any ExecutionSink
  private var decoder: FrameDecoder
  private var backlog = CircularBuffer<ByteBuffer>()
  private var backlogSize = 0
  private var isHeld: Bool
  private var isStalled = false
  private var isDropping = false
  private var isBroken = false
  private var isDelivering = false
  private var context: ChannelHandlerContext?
  private(set) var end: StreamEnd?
  /// What the engine said on its own stream, number 3.
  private(set) var complaint: [UInt8] = []
  /// The last bytes that were handed on, of whichever stream.
  private(set) var tail: [UInt8] = []

  /// - Parameter isHeld: whether bytes wait for ``letGo()``.
  init(_ layout: FrameDecoder.Layout, sink: any ExecutionSink, isHeld: Bool) {
    decoder = FrameDecoder(layout)
    self.sink = sink
    self.isHeld = isHeld
  }

  /// Whether the connection ended between two frames.
  var isBetweenFrames: Bool { decoder.isBetweenFrames }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    context.fireChannelActive()
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    take(unwrapInboundIn(data))
  }

  /// Takes bytes that came.
  func take(_ buffer: ByteBuffer) {
    guard buffer.readableBytes > 0, !isDropping, !isBroken else { return }
    backlogSize += buffer.readableBytes
    backlog.append(buffer)
    if isHeld { onHeldBytes?() } else { deliver() }
  }

  func channelReadComplete(context: ChannelHandlerContext) { readMore() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let end = event as? StreamEnd { finish(end) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    finish(.broken(EngineAPIError.oneLine("\(error)")))
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { finish(.closed) }

  private func readMore() {
    if end == nil, backlogSize < Self.most, let context { context.read() }
  }

  /// Notes the end, the first that is told.
  func finish(_ end: StreamEnd) {
    guard self.end == nil else { return }
    self.end = end
    if isHeld { tellEnd() } else { deliver() }
  }

  private func tellEnd() {
    guard let end, let tell = onEnd else { return }
    onEnd = nil
    tell(end)
  }
}

// MARK: - Handing on

extension FrameStream {
  /// Whether anything waits here.
  var holdsBytes: Bool { backlogSize > 0 }

  /// Whether so much is held back that no failure's message is so long.
  var holdsMuch: Bool { backlogSize >= 64 << 10 }

  /// What is held back, taken apart, without using it up.
  func peek() -> (stdout: [UInt8], stderr: [UInt8]) {
    let peeker = PeekingSink()
    let copy = FrameStream(decoder, peeker)
    copy.backlog = backlog
    copy.deliver()
    return (peeker.stdout, peeker.stderr)
  }

  private convenience init(_ decoder: FrameDecoder, _ sink: any ExecutionSink) {
    self.init(.framed, sink: sink, isHeld: false)
    self.decoder = decoder
  }

  /// Hands on what was held back, and everything that comes; `onEnd` is called again for an end that was held.
  func letGo(onEnd: @escaping (StreamEnd) -> Void) {
    isHeld = false
    self.onEnd = onEnd
    deliver()
    readMore()
  }

  /// Offers again what was not taken.
  func resume() {
    isStalled = false
    deliver()
    readMore()
  }

  /// Forgets what is held, and all that comes.
  func drop() {
    isDropping = true
    backlog = CircularBuffer()
    backlogSize = 0
    (onEnd, onHeldBytes) = (nil, nil)
  }

  private func deliver() {
    guard !isHeld, !isDelivering else { return }
    isDelivering = true
    defer { isDelivering = false }
    while !isStalled, !isDropping, var buffer = backlog.first {
      let count = consume(buffer)
      backlogSize -= count
      buffer.moveReaderIndex(forwardBy: count)
      if isDropping { return }
      if isBroken { break }
      if buffer.readableBytes == 0 { backlog.removeFirst() } else { backlog[backlog.startIndex] = buffer }
    }
    if backlog.isEmpty || isBroken { tellEnd() }
  }

  /// Reports a buffer's pieces; how many bytes of it are done with.
  private func consume(_ buffer: ByteBuffer) -> Int {
    buffer.withUnsafeReadableBytes { raw in
      var offset = 0
      do throws(FrameError) {
        while !isStalled, let piece = try decoder.piece(in: raw.bytes, at: &offset) {
          let count = report(piece, raw)
          decoder.take(count)
          offset += count
        }
        return offset
      } catch {
        isBroken = true
        end = .broken(error.description)
        context?.close(promise: nil)
        return raw.count
      }
    }
  }

  private func remember(_ bytes: Slice<UnsafeRawBufferPointer>) {
    tail = Array((tail + bytes.suffix(EngineCut.longest)).suffix(EngineCut.longest))
  }

  private func report(_ piece: FramePiece, _ raw: UnsafeRawBufferPointer) -> Int {
    switch piece {
    case .output(let stream, let range):
      let taken = max(0, min(sink.output(stream, UnsafeRawBufferPointer(rebasing: raw[range]).bytes), range.count))
      isStalled = taken < range.count
      remember(raw[range].prefix(taken))
      return taken
    case .complaint(let range):
      complaint += raw[range].prefix(max(0, 4096 - complaint.count))
      return range.count
    }
  }
}

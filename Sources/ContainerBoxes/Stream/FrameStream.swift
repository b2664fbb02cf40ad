import ExecEngine
import ExecModel
import NIOCore
import NetworkBase

/// The message with which Podman ends an output that it could not read completely.
///
/// When a command ends without having read all of its input, conmon closes a socket that still
/// holds it; the kernel then resets the other end (unix(7)), and output waiting there is lost.
/// Podman appends its own error to the output (`Error: read unixpacket @->/proc/self/fd/13/attach:
/// read: connection reset by peer`, 4.3.1), which is the only sign.
enum EngineCut {
  /// The maximum length of the message in bytes.
  static let longest = 160

  private static let (start, end) = ("Error: read unixpacket ", "/attach: read: connection reset by peer")

  /// Whether an output that ends like this was cut.
  static func ends(_ tail: [UInt8]) -> Bool {
    let lines = String(decoding: tail, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let line = lines.last, let place = line.range(of: start) else { return false }
    return line[place.upperBound...].hasSuffix(end)
  }
}

extension Substring {
  /// The first occurrence of a text.
  fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}

/// How a connection that carried a command's output ended.
enum StreamEnd: Hashable, Sendable {
  /// The engine marked the end (the last chunk of an HTTP body).
  case said
  /// The engine closed it; whether everything was sent must be verified.
  case closed
  /// It broke, or carried invalid data.
  case broken(String)
}

/// Receives what a stream brings; every call comes from the stream's event loop.
protocol FrameReceiver: AnyObject {
  /// Takes a stream's next bytes, and returns how many of them it took.
  func take(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int

  /// Bytes, or the end, arrived while the stream holds them.
  func hasArrived()

  /// The connection has ended, and everything before was taken; the last call.
  func delivered(_ end: StreamEnd)
}

/// Reads frames from one connection and passes their bytes to a receiver, in order, on the connection's event loop.
///
/// It reads only as much as it can deliver: while the receiver takes less than offered, or while the stream is held,
/// at most ``most`` bytes wait here, and the engine blocks. Both streams share the connection, so a stream that is not
/// taken blocks the other.
final class FrameStream: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  static let most = 256 << 10

  /// The receiver, until the stream is closed.
  private var receiver: (any FrameReceiver)?
  /// The first handler of the connection's pipeline above TLS.
  let gate = UpgradeGate()
  private var decoder: FrameDecoder
  private var backlog = CircularBuffer<ByteBuffer>()
  private var backlogSize = 0
  private var isHeld: Bool
  private var isStalled = false
  private var isBroken = false
  private var isDelivering = false
  private var context: ChannelHandlerContext?
  /// Whether ``close()`` was called; a connection that is made afterwards is not used.
  private(set) var isClosed = false
  private(set) var end: StreamEnd?
  /// The last delivered bytes, of either stream; ``EngineCut/longest`` and some before them.
  private(set) var tail: [UInt8] = []

  /// - Parameter isHeld: whether bytes wait for ``deliverHeld()``.
  init(_ layout: FrameDecoder.Layout, isHeld: Bool, for receiver: any FrameReceiver) {
    (self.isHeld, self.receiver) = (isHeld, receiver)
    decoder = FrameDecoder(layout)
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
    let buffer = unwrapInboundIn(data)
    guard buffer.readableBytes > 0, !isClosed, !isBroken else { return }
    backlogSize += buffer.readableBytes
    backlog.append(buffer)
    if isHeld { receiver?.hasArrived() } else { deliver() }
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

  /// Records the end; only the first call counts.
  private func finish(_ end: StreamEnd) {
    guard self.end == nil else { return }
    self.end = end
    if isHeld { receiver?.hasArrived() } else { deliver() }
  }

  /// Drops what waits here and everything after it, and closes the connection.
  func close() {
    isClosed = true
    backlog = CircularBuffer()
    backlogSize = 0
    receiver = nil
    context?.close(promise: nil)
  }
}

// MARK: - Writing

extension FrameStream {
  /// Whether bytes can be written.
  var isWritable: Bool { context?.channel.isActive ?? false }

  /// Writes a command's input; nil when there is no connection.
  func write(_ bytes: ByteBuffer) -> EventLoopFuture<Void>.Isolated? { isWritable ? gate.write(bytes) : nil }

  /// Ends the input.
  func closeInput() { context?.close(mode: .output, promise: nil) }
}

// MARK: - Delivering

extension FrameStream {
  /// What is held back.
  struct Held: Hashable {
    /// Whether the connection has ended.
    var hasEnded = false
    var isEmpty = true
    /// Whether it is more than a failure's message can be.
    var isLarge = false
  }

  var held: Held { Held(hasEnded: end != nil, isEmpty: backlogSize == 0, isLarge: backlogSize >= 64 << 10) }

  /// The number of bytes of each stream that are examined before they are delivered.
  private static let mostPeeked = 8192

  /// Decodes the beginning of the held bytes without consuming it.
  func peek() -> (stdout: [UInt8], stderr: [UInt8]) {
    var seen = PerStream<[UInt8]>(repeating: [])
    var copy = decoder
    for buffer in backlog {
      buffer.withUnsafeReadableBytes { raw in
        var offset = 0
        while let piece = try? copy.piece(in: raw.bytes, at: &offset) {
          if case .output(let stream, let range) = piece {
            seen[stream] += raw[range].prefix(Self.mostPeeked - seen[stream].count)
          }
          copy.take(piece.count)
          offset += piece.count
        }
      }
    }
    return (seen.stdout, seen.stderr)
  }

  /// Delivers the held bytes and everything after them.
  func deliverHeld() {
    isHeld = false
    deliver()
    readMore()
  }

  /// Offers bytes again that were not taken.
  func resume() {
    isStalled = false
    deliver()
    readMore()
  }

  private func deliver() {
    guard !isHeld, !isDelivering else { return }
    isDelivering = true
    defer { isDelivering = false }
    while !isStalled, !isClosed, var buffer = backlog.first {
      let count = consume(buffer)
      if isClosed { return }
      if isBroken { break }
      backlogSize -= count
      buffer.moveReaderIndex(forwardBy: count)
      if buffer.readableBytes == 0 { backlog.removeFirst() } else { backlog[backlog.startIndex] = buffer }
    }
    guard let end, backlog.isEmpty || isBroken, let receiver else { return }
    self.receiver = nil
    receiver.delivered(end)
  }

  /// Passes a buffer's pieces on; returns how many of its bytes were consumed.
  private func consume(_ buffer: ByteBuffer) -> Int {
    buffer.withUnsafeReadableBytes { raw in
      var offset = 0
      do throws(FrameError) {
        while !isStalled, let piece = try decoder.piece(in: raw.bytes, at: &offset) {
          let count = pass(piece, raw)
          decoder.take(count)
          offset += count
        }
        return offset
      } catch {
        // Nothing after it can be read.
        isBroken = true
        end = .broken(error.description)
        context?.close(promise: nil)
        return 0
      }
    }
  }

  private func pass(_ piece: FramePiece, _ raw: UnsafeRawBufferPointer) -> Int {
    guard case .output(let stream, let range) = piece, let receiver else { return piece.count }
    let taken = max(0, min(receiver.take(stream, UnsafeRawBufferPointer(rebasing: raw[range]).bytes), range.count))
    isStalled = taken < range.count
    remember(raw[range].prefix(taken))
    return taken
  }

  private func remember(_ bytes: Slice<UnsafeRawBufferPointer>) {
    if bytes.count >= EngineCut.longest { tail.removeAll(keepingCapacity: true) }
    tail += bytes.suffix(EngineCut.longest)
    if tail.count > 2 * EngineCut.longest { tail.removeFirst(tail.count - EngineCut.longest) }
  }
}

extension ExecutionSink {
  /// Reports a command as lost, with streams that may be incomplete.
  func lose(_ streams: StreamSet) {
    for stream in streams.streams { gap(stream, .unprovenEnd) }
    connectionLost()
  }
}

import ExecEngine
import ExecModel
import NIOCore

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

/// Reads frames from one connection and reports their bytes, in order, on the connection's event
/// loop.
///
/// It reads only as much as it can deliver: while the sink takes less than offered, or while the
/// stream is held back, at most ``most`` bytes wait here, and the engine blocks. Both streams share
/// the connection, so a stream that is not taken blocks the other.
final class FrameStream: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  static let most = 256 << 10

  /// Takes a stream's next bytes and returns how many of them it took.
  typealias Output = (ExecStream, borrowing RawSpan) -> Int

  /// Called when bytes arrived while they are held back.
  var onHeldBytes: (() -> Void)?
  /// Called once, when the connection has ended and everything was delivered, or is held back.
  var onEnd: ((StreamEnd) -> Void)?

  private let output: Output
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
  /// The engine's message on its own stream, number 3.
  private(set) var complaint: [UInt8] = []
  /// The last delivered bytes, of either stream; ``EngineCut/longest`` and some before them.
  private(set) var tail: [UInt8] = []

  /// - Parameter isHeld: whether bytes wait for ``letGo()``.
  convenience init(_ layout: FrameDecoder.Layout, isHeld: Bool, output: @escaping Output) {
    self.init(FrameDecoder(layout), isHeld: isHeld, output: output)
  }

  private init(_ decoder: FrameDecoder, isHeld: Bool, output: @escaping Output) {
    self.decoder = decoder
    self.isHeld = isHeld
    self.output = output
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

  /// Takes bytes that arrived.
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

  /// Records the end; only the first call counts.
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

  /// Whether more is held back than a failure's message could be long.
  var holdsMuch: Bool { backlogSize >= 64 << 10 }

  /// The number of bytes of each stream that are examined before they are delivered.
  private static let mostPeeked = 8192

  /// Decodes the beginning of the held bytes without consuming it.
  func peek() -> (stdout: [UInt8], stderr: [UInt8]) {
    var seen = PerStream<[UInt8]>(repeating: [])
    let copy = FrameStream(decoder, isHeld: false) { stream, bytes in
      let room = Self.mostPeeked - seen[stream].count
      bytes.withUnsafeBytes { seen[stream] += $0.prefix(max(0, room)) }
      return bytes.byteCount
    }
    copy.backlog = backlog
    copy.deliver()
    return (seen.stdout, seen.stderr)
  }

  /// Delivers the held bytes and everything after them; `onEnd` is called again for an end that was
  /// held.
  func letGo(onEnd: @escaping (StreamEnd) -> Void) {
    isHeld = false
    self.onEnd = onEnd
    deliver()
    readMore()
  }

  /// Offers bytes again that were not taken.
  func resume() {
    isStalled = false
    deliver()
    readMore()
  }

  /// Drops the held bytes and everything after them.
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

  /// Reports a buffer's pieces; returns how many of its bytes were consumed.
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
    if bytes.count >= EngineCut.longest { tail.removeAll(keepingCapacity: true) }
    tail += bytes.suffix(EngineCut.longest)
    if tail.count > 2 * EngineCut.longest { tail.removeFirst(tail.count - EngineCut.longest) }
  }

  private func report(_ piece: FramePiece, _ raw: UnsafeRawBufferPointer) -> Int {
    switch piece {
    case .output(let stream, let range):
      let taken = max(0, min(output(stream, UnsafeRawBufferPointer(rebasing: raw[range]).bytes), range.count))
      isStalled = taken < range.count
      remember(raw[range].prefix(taken))
      return taken
    case .complaint(let range):
      complaint += raw[range].prefix(max(0, 4096 - complaint.count))
      return range.count
    }
  }
}

extension ExecutionSink {
  /// Reports a command as lost, with streams that may be incomplete.
  func lose(_ streams: StreamSet) {
    for stream in streams.streams { gap(stream, .unprovenEnd) }
    connectionLost()
  }
}

import ExecEngine
import ExecModel
import NIOCore

/// The words with which Podman ends an output that it could not read to its end.
///
/// When a command ends and has not read all of its input, conmon closes a socket that still holds it; the kernel then
/// resets the other end (unix(7)), and output that waited there is gone. Podman writes its own error behind what it had
/// (`Error: read unixpacket @->/proc/self/fd/13/attach: read: connection reset by peer`, 4.3.1), and nothing else tells.
enum EngineCut {
  /// Bytes that the words have, at most.
  static let longest = 160

  private static let (start, end) = ("Error: read unixpacket ", "/attach: read: connection reset by peer")

  /// Whether an output that ends so was cut.
  static func ends(_ tail: [UInt8]) -> Bool {
    let lines = String(decoding: tail, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let line = lines.last, let place = line.range(of: start) else { return false }
    return line[place.upperBound...].hasSuffix(end)
  }
}

extension Substring {
  /// Where a text is found first.
  fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}

/// How a connection that carried a command's output ended.
enum StreamEnd: Hashable, Sendable {
  /// The engine said that nothing follows (the last chunk of an HTTP body).
  case said
  /// The engine closed it; whether all was sent has to be asked.
  case closed
  /// It broke, or brought what it must not bring.
  case broken(String)
}

/// Reads frames of one connection and reports their bytes, in order, on the connection's event loop.
///
/// It reads only as much as it can hand on: while less is taken than was offered, or while the stream is held
/// back, at most ``most`` bytes wait here, and the engine blocks. Both streams share the connection, so that one which
/// is not taken holds up the other.
final class FrameStream: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  static let most = 256 << 10

  /// Takes a stream's next bytes: how many of them it took.
  typealias Output = (ExecStream, borrowing RawSpan) -> Int

  /// Called when bytes came while they are held back.
  var onHeldBytes: (() -> Void)?
  /// Called once, when the connection has ended and all of it was handed on, or is held back.
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
  /// What the engine said on its own stream, number 3.
  private(set) var complaint: [UInt8] = []
  /// The last bytes that were handed on, of whichever stream; ``EngineCut/longest`` and some before them.
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

  /// Bytes of each stream that are looked at before they are handed on.
  private static let mostPeeked = 8192

  /// The beginning of what is held back, taken apart, without using it up.
  func peek() -> (stdout: [UInt8], stderr: [UInt8]) {
    var seen: [ExecStream: [UInt8]] = [:]
    let copy = FrameStream(decoder, isHeld: false) { stream, bytes in
      let room = Self.mostPeeked - (seen[stream]?.count ?? 0)
      bytes.withUnsafeBytes { seen[stream, default: []] += $0.prefix(max(0, room)) }
      return bytes.byteCount
    }
    copy.backlog = backlog
    copy.deliver()
    return (seen[.stdout] ?? [], seen[.stderr] ?? [])
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
  /// Reports that nothing more will be heard of a command, and that its streams may lack something.
  func lose(_ streams: StreamSet) {
    for stream in streams.streams { gap(stream, .unprovenEnd) }
    connectionLost()
  }
}

import BoxLiteWire
import Glibc
import NIOCore
import NIOPosix
import NIOWebSocket
import Synchronization

/// One attached client of the test's server.
final class FakeAttach: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let server: FakeServer
  private let ticket: FakeGate.Ticket
  private var first: [OutputChannel: Int] = [:]
  private var next = 0
  private var sent = 0
  private var isOver = false

  init(_ server: FakeServer, _ ticket: FakeGate.Ticket) { (self.server, self.ticket) = (server, ticket) }

  func handlerAdded(context: ChannelHandlerContext) {
    send(context, .ping, [])
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let loop = context.eventLoop
    server.state.value.withLock { state in
      guard let execution = state.executions[ticket.execution] else { return }
      first = execution.backlog(keeping: server.backlog)
      next = first.values.min() ?? execution.chunks.count
      state.waiting[ObjectIdentifier(self)] = {
        loop.execute {
          let (handler, context) = bound.value
          handler.pump(context)
        }
      }
    }
    begin(context)
  }

  private func begin(_ context: ChannelHandlerContext) {
    switch ticket.fault {
    case .exitFirst:
      let code = server.execution(ticket.execution)?.code ?? 0
      send(context, .text, Array(ServerMessage.exit(code: code).text.utf8))
    case .hugeFrame:
      var frame = ByteBuffer(bytes: [0x82, 127])
      frame.writeInteger(UInt64((16 << 20) + 2))
      let encoder = try? context.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
      encoder?.writeAndFlush(NIOAny(frame), promise: nil)
    case .noise:
      send(context, .text, Array("this is no JSON".utf8))
      send(context, .text, Array(#"{"type":"news","x":1}"#.utf8))
      send(context, .binary, [7, 1, 2, 3])
      send(context, .binary, [])
      send(context, .binary, [1])
    case .none, .refuse, .cut, .mute, .masked: break
    }
    pump(context)
  }

  private func send(
    _ context: ChannelHandlerContext, _ opcode: WebSocketOpcode, _ bytes: [UInt8],
    _ promise: EventLoopPromise<Void>? = nil
  ) {
    let isMasked = if case .masked = ticket.fault { opcode == .binary } else { false }
    let frame = WebSocketFrame(
      fin: true, opcode: opcode, maskKey: isMasked ? .random() : nil, data: ByteBuffer(bytes: bytes))
    context.writeAndFlush(wrapOutboundOut(frame), promise: promise)
  }

  private func pump(_ context: ChannelHandlerContext) {
    guard !isOver, let execution = server.execution(ticket.execution) else { return }
    if server.state.value.withLock({ $0.isCut }) {
      isOver = true
      return context.close(promise: nil)
    }
    while next < execution.chunks.count {
      let chunk = execution.chunks[next]
      guard next >= first[chunk.channel] ?? 0 else {
        next += 1
        continue
      }
      if stops(before: chunk.bytes.count) { return halt(context) }
      next += 1
      sent += chunk.bytes.count
      send(context, .binary, [chunk.channel.rawValue] + chunk.bytes)
    }
    if stops(before: 1) { return halt(context) }
    if let code = execution.code { finish(context, code) }
  }

  /// Whether the fault comes before so many more bytes.
  private func stops(before count: Int) -> Bool {
    switch ticket.fault {
    case .cut(let limit, _), .mute(let limit): sent + count > limit
    case .none, .refuse, .exitFirst, .hugeFrame, .masked, .noise: false
    }
  }

  private func halt(_ context: ChannelHandlerContext) {
    guard case .cut(_, let cut) = ticket.fault else { return }
    isOver = true
    switch cut {
    case .fin: context.close(promise: nil)
    case .close: hangUp(context, after: [0x03, 0xE8])
    case .reset:
      (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
      context.close(promise: nil)
    }
  }

  private func hangUp(_ context: ChannelHandlerContext, after code: [UInt8]) {
    let written = context.eventLoop.makePromise(of: Void.self)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    send(context, .connectionClose, code, written)
    written.futureResult.whenComplete { _ in bound.value.close(mode: .output, promise: nil) }
  }

  private func finish(_ context: ChannelHandlerContext, _ code: Int32) {
    // A cut that was planned behind the last byte comes instead of the exit frame.
    if case .cut = ticket.fault { return halt(context) }
    if case .mute = ticket.fault { return }
    isOver = true
    if case .exitFirst = ticket.fault {
    } else {
      send(context, .text, Array(ServerMessage.exit(code: code).text.utf8))
    }
    hangUp(context, after: [0x03, 0xE8])
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    let bytes = Array(frame.unmaskedData.readableBytesView)
    switch frame.opcode {
    case .binary: server.change { $0.executions[ticket.execution]?.input += bytes }
    case .text:
      if case .endOfInput? = try? ClientControl(text: bytes) {
        server.change { $0.executions[ticket.execution]?.hasEndOfInput = true }
      }
    case .connectionClose: if !isOver { hangUp(context, after: bytes) }
    case .ping: if !isMute { send(context, .pong, bytes) }
    default: break
    }
  }

  private var isMute: Bool { if case .mute = ticket.fault { true } else { false } }

  func channelInactive(context: ChannelHandlerContext) {
    isOver = true
    server.state.value.withLock { state in
      state.waiting[ObjectIdentifier(self)] = nil
      state.executions[ticket.execution]?.isTaken = false
    }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

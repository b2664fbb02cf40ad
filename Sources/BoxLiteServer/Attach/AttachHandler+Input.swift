import BoxLiteWire
import ExecEngine
import ExecModel
import NIOCore
import NIOWebSocket

// From the socket to the command.
extension AttachHandler {
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    lastHeard = .now()
    if frame.opcode != .binary { bytes.drop(frame.length) }
    switch frame.opcode {
    case .binary: takeInput(frame.unmaskedData)
    case .text: takeControl(Array(frame.unmaskedData.readableBytesView))
    case .ping: answerPing(frame.unmaskedData)
    case .pong: takePong(frame.unmaskedData)
    case .connectionClose: takeClose()
    default: break
    }
  }

  private func takePong(_ payload: ByteBuffer) {
    guard payload.readableBytes == 8, let number = payload.getInteger(at: payload.readerIndex, as: UInt64.self)
    else { return }
    if acknowledgements.answer(number) { noteProgress() }
  }

  private func takeInput(_ input: ByteBuffer) {
    let count = input.readableBytes
    guard phase == .sending, count > 0 else { return bytes.drop(count) }
    guard ticket.isWriter else {
      bytes.drop(count)
      complain("this connection is read-only: attach without stdin=0 to write", code: "read_only_attach")
      return close(.policyViolation)
    }
    guard let context else { return bytes.drop(count) }
    pendingInput += count
    bytes.pass(count)
    let loop = context.eventLoop
    let bound = NIOLoopBound(self, eventLoop: loop)
    do throws(EngineError) {
      try store.engine.write(ticket.execution, Array(input.readableBytesView)) { [door = threads.door] error in
        door.execute(on: loop) { bound.value.inputTaken(count, error) }
      }
    } catch {
      inputTaken(count, .closed)
    }
  }

  private func inputTaken(_ count: Int, _ error: InputError?) {
    pendingInput -= count
    bytes.inputTaken(count)
    guard phase != .over else { return }
    readOn()
    guard error != nil, phase == .sending, !hasToldInputFailure else { return }
    hasToldInputFailure = true
    complain("the command no longer accepts input", code: "stdin_closed")
  }

  private func takeControl(_ text: [UInt8]) {
    guard phase == .sending else { return }
    do {
      let control = try ClientControl(text: text, signals: signals)
      if ticket.isWriter { try obey(control) } else { refuse(control) }
    } catch {
      complain("\(error)", code: "invalid_argument")
    }
  }

  private func obey(_ control: ClientControl) throws {
    switch control {
    case .endOfInput: try store.engine.closeInput(ticket.execution)
    case .resize(let size):
      try store.engine.resize(ticket.execution, to: TerminalSize(rows: size.rows, columns: size.columns))
    case .signal(let signal): try store.engine.signal(ticket.execution, Signal(number: signal.number))
    }
  }

  /// Refuses a control message; reports each kind once.
  private func refuse(_ control: ClientControl) {
    guard refused.insert(control.type).inserted else { return }
    complain("\(control.type): this connection is read-only", code: "read_only_attach")
  }
}

/// The memory that one attached client makes the server hold: incomplete messages, and input that
/// its command has not taken.
///
/// Each client has an allowance; more needs room that all clients share. Used on the connection's
/// event loop.
final class ClientBytes {
  private let room: Room
  private let own: Int
  /// Bytes that were read and belong to no complete message yet.
  private var coming = 0
  /// Bytes of input on the way to the command.
  private var waiting = 0
  /// Bytes taken from the shared room.
  private var taken = 0

  init(_ room: Room, own: Int) { (self.room, self.own) = (room, own) }

  convenience init(_ parts: ServerParts) {
    self.init(parts.input, own: parts.configuration.limits.pendingInput)
  }

  deinit { room.giveBack(taken) }

  /// Records bytes that were read; false when there is no room for them.
  func read(_ count: Int) -> Bool {
    coming += count
    let wanted = beyond - taken
    guard wanted > 0 else { return true }
    guard room.take(wanted) else { return false }
    taken += wanted
    return true
  }

  /// Records that bytes which were read are no longer held.
  func drop(_ count: Int) {
    coming = max(0, coming - count)
    giveBack()
  }

  /// Records that bytes which were read form a complete message of input, held until the command
  /// takes them.
  func pass(_ count: Int) {
    coming = max(0, coming - count)
    waiting += count
  }

  /// Records that the command took input, or will take no more.
  func inputTaken(_ count: Int) {
    waiting -= count
    giveBack()
  }

  /// Records the end of the connection: incomplete messages are dropped.
  func end() {
    coming = 0
    giveBack()
  }

  private var beyond: Int { max(0, coming + waiting - own) }

  private func giveBack() {
    let rest = taken - beyond
    guard rest > 0 else { return }
    room.giveBack(rest)
    taken -= rest
  }
}

/// Counts an attached client's bytes before its frames are assembled, and passes nothing on that
/// there is no room for.
final class InputGate: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// All clients together make the server hold too much.
  struct NoRoom: Error {}

  private let bytes: ClientBytes
  private var isShut = false

  init(_ bytes: ClientBytes) { self.bytes = bytes }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Reads and drops: closing a socket with unread data sends a reset, which may discard the
    // reason.
    if isShut { return }
    guard bytes.read(unwrapInboundIn(data).readableBytes) else {
      isShut = true
      return context.fireErrorCaught(NoRoom())
    }
    context.fireChannelRead(data)
  }

  func handlerRemoved(context: ChannelHandlerContext) { bytes.end() }
}

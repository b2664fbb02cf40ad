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
      complain("this connection only watches: attach without stdin=0 to write", code: "read_only_attach")
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
    complain("the command takes no input any more", code: "stdin_closed")
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

  /// Says it once for each kind.
  private func refuse(_ control: ClientControl) {
    guard refused.insert(control.type).inserted else { return }
    complain("\(control.type): this connection only watches", code: "read_only_attach")
  }
}

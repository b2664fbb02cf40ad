import NIOCore

/// What one attached client makes the server hold: messages that are not whole yet, and input that its command has not
/// taken.
///
/// So many bytes are its own; what is beyond them needs room that all clients share. Lives on its connection's event loop.
final class ClientBytes {
  private let room: Room
  private let own: Int
  /// Bytes that were read and are in no whole message yet.
  private var coming = 0
  /// Bytes of input on their way to the command.
  private var waiting = 0
  /// What is taken of the room.
  private var taken = 0

  init(_ room: Room, own: Int) { (self.room, self.own) = (room, own) }

  convenience init(_ parts: ServerParts) {
    self.init(parts.input, own: parts.configuration.limits.pendingInput)
  }

  deinit { room.giveBack(taken) }

  /// Notes bytes that were read; false when there is no room for them.
  func read(_ count: Int) -> Bool {
    coming += count
    let wanted = beyond - taken
    guard wanted > 0 else { return true }
    guard room.take(wanted) else { return false }
    taken += wanted
    return true
  }

  /// Notes that bytes which were read are held no longer.
  func drop(_ count: Int) {
    coming = max(0, coming - count)
    giveBack()
  }

  /// Notes that bytes which were read are a whole message of input, held until the command takes them.
  func pass(_ count: Int) {
    coming = max(0, coming - count)
    waiting += count
  }

  /// Notes that the command took input, or will take no more.
  func inputTaken(_ count: Int) {
    waiting -= count
    giveBack()
  }

  /// Notes the connection's end: what is no whole message is gone.
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

/// Counts what an attached client sends before its frames are put together, and lets nothing through that there is no room for.
final class InputGate: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// All clients together make the server hold too much.
  struct NoRoom: Error {}

  private let bytes: ClientBytes
  private var isShut = false

  init(_ bytes: ClientBytes) { self.bytes = bytes }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Read on and dropped: what is left unread would make the end a reset, which may wipe the reason.
    if isShut { return }
    guard bytes.read(unwrapInboundIn(data).readableBytes) else {
      isShut = true
      return context.fireErrorCaught(NoRoom())
    }
    context.fireChannelRead(data)
  }

  func handlerRemoved(context: ChannelHandlerContext) { bytes.end() }
}

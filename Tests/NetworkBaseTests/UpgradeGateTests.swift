import NIOCore
import NIOEmbedded
import Testing

@testable import NetworkBase

/// What stands behind the gate sees the head alone, and everything else in order once the gate was released.
struct UpgradeGateTests {
  private static let head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n"

  /// Records what passed the gate.
  private final class Recorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var seen = ""

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { seen += String(buffer: unwrapInboundIn(data)) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case ChannelEvent.inputClosed = event { seen += "<end of input>" }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { seen += "<error>" }

    func channelInactive(context: ChannelHandlerContext) { seen += "<end>" }
  }

  private let gate = UpgradeGate()
  private let recorder = Recorder()
  private let channel: EmbeddedChannel

  init() { channel = EmbeddedChannel(handlers: [gate, recorder]) }

  private func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

  private func sendEachByte(_ text: String) throws {
    for byte in text.utf8 { try channel.writeInbound(ByteBuffer(bytes: [byte])) }
  }

  @Test func `bytes after a 101 wait until the gate is released`() throws {
    try send(Self.head + "first ")
    try send("second")
    #expect(recorder.seen == Self.head)
    gate.release()
    #expect(recorder.seen == Self.head + "first second")
    try send(" third")
    #expect(recorder.seen == Self.head + "first second third")
  }

  @Test func `every end of a connection waits behind the bytes before it`() throws {
    try send(Self.head + "output")
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    channel.pipeline.fireErrorCaught(ChannelError.inputClosed)
    channel.pipeline.fireChannelInactive()
    #expect(recorder.seen == Self.head)
    gate.release()
    #expect(recorder.seen == Self.head + "output<end of input><error><end>")
  }

  @Test func `a pipeline that is torn down before the release still reports the end`() throws {
    try send(Self.head + "output")
    channel.pipeline.fireChannelInactive()
    try channel.pipeline.syncOperations.removeHandler(gate).wait()
    #expect(recorder.seen == Self.head + "<end>")
  }

  @Test func `a head that arrives byte by byte is found`() throws {
    try sendEachByte(Self.head + "output")
    #expect(recorder.seen == Self.head)
    gate.release()
    #expect(recorder.seen == Self.head + "output")
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\n\r\nbody", "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found\r\n", "SSH-2.0-OpenSSH\r\n",
    "HTTP/2.0 101 Switching Protocols\r\n\r\n",
  ])
  func `anything else than a 101 passes at once`(answer: String) throws {
    try send(answer)
    channel.pipeline.fireChannelInactive()
    #expect(recorder.seen == answer + "<end>")
  }

  @Test(arguments: ["SSH", "HTTP/1.1 1", "HTTP/1.1 101 Switching"], [0, 1, 2])
  func `a part of a head is passed on before the end`(part: String, end: Int) throws {
    try send(part)
    #expect(recorder.seen.isEmpty)
    switch end {
    case 0: channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    case 1: channel.pipeline.fireErrorCaught(ChannelError.inputClosed)
    default: channel.pipeline.fireChannelInactive()
    }
    #expect(recorder.seen == part + ["<end of input>", "<error>", "<end>"][end])
  }

  @Test(arguments: [false, true]) func `the answer after an interim one counts`(trickles: Bool) throws {
    let answer = "HTTP/1.1 100 Continue\r\n\r\n" + Self.head
    if trickles { try sendEachByte(answer + "output") } else { try send(answer + "output") }
    #expect(recorder.seen == answer)
    gate.release()
    #expect(recorder.seen == answer + "output")
  }

  @Test func `a head without an end is left to the decoder's limit`() throws {
    let endless = "HTTP/1.1 101 Switching Protocols\r\nX: " + String(repeating: "x", count: 128 << 10)
    try send(endless)
    #expect(recorder.seen == endless)
  }

  @Test func `a release before the answer changes nothing`() throws {
    gate.release()
    try send(Self.head + "output")
    #expect(recorder.seen == Self.head)
  }

  @Test func `written bytes pass the handlers behind the gate by`() throws {
    _ = gate.write(ByteBuffer(string: "input"))
    #expect(try channel.readOutbound(as: ByteBuffer.self) == ByteBuffer(string: "input"))
  }
}

import BoxLiteWire
import ExecModel
import NIOCore
import NIOEmbedded
import NIOWebSocket
import TestSupport
import Testing

@testable import BoxLiteServer

/// What is owed to a client that sends and never reads: counted at a socket that takes nothing.
@Suite struct RepliesTests {
  /// A socket whose other end does not read: holds everything that is written.
  private final class StuckSocket: ChannelOutboundHandler {
    typealias OutboundIn = WebSocketFrame

    var frames: [(frame: WebSocketFrame, promise: EventLoopPromise<Void>?)] = []
    /// How often more was read.
    var readings = 0

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      frames.append((unwrapOutboundIn(data), promise))
    }

    func flush(context: ChannelHandlerContext) {}

    func read(context: ChannelHandlerContext) { readings += 1 }

    /// The other end reads everything up to now.
    func take() {
      let taken = frames
      frames = []
      for entry in taken { entry.promise?.succeed() }
    }

    func count(_ opcode: WebSocketOpcode) -> Int { frames.count { $0.frame.opcode == opcode } }
  }

  private final class Client {
    let fixture: StoreFixture
    let socket = StuckSocket()
    let channel = EmbeddedChannel()
    private let threads: ServerThreads

    init(_ query: String = "") throws {
      fixture = try StoreFixture()
      threads = try ServerThreads(loops: 1, workers: 1, readers: 1)
      // No other thread may come to an embedded loop: nothing is read from the record.
      threads.door.shut()
      let parts = try ServerParts(
        service: PrivateService(fixture.store, .serve, nil), admission: Admission(key: nil, at: .standard),
        threads: threads, configuration: ServerConfiguration())
      try channel.pipeline.syncOperations.addHandler(socket)
      try channel.connect(to: SocketAddress(unixDomainSocketPath: "/client")).wait()
      try channel.pipeline.syncOperations.addHandler(AttachHandler(parts, try fixture.claim(query), ClientBytes(parts)))
      socket.take()
    }

    func send(_ opcode: WebSocketOpcode, _ text: String) throws {
      try channel.writeInbound(WebSocketFrame(fin: true, opcode: opcode, maskKey: nil, data: ByteBuffer(string: text)))
    }

    func end() {
      _ = try? channel.finish(acceptAlreadyClosed: true)
      threads.stop()
    }
  }

  @Test func `for any number of pings one pong waits, and then one for the newest`() throws {
    let client = try Client()
    defer { client.end() }
    for number in 0..<10_000 { try client.send(.ping, "\(number)") }
    #expect(client.socket.count(.pong) == 1)
    client.socket.take()
    let pongs = client.socket.frames.filter { $0.frame.opcode == .pong }
    #expect(pongs.map { String(buffer: $0.frame.data) } == ["9999"])
    client.socket.take()
    #expect(client.socket.frames.isEmpty)
  }

  @Test func `complaints are bounded, and reading stops until they are taken`() throws {
    let client = try Client()
    defer { client.end() }
    for _ in 0..<10_000 { try client.send(.text, "{}") }
    #expect(client.socket.count(.text) == Replies.limit)
    let before = client.socket.readings
    client.channel.read()
    #expect(client.socket.readings == before)
    client.socket.take()
    #expect(client.socket.readings == before + 1)
    try client.send(.text, "{}")
    #expect(client.socket.count(.text) == 1)
  }

  @Test func `output that waits for a client that only watches is bounded too`() throws {
    let client = try Client("stdin=0")
    defer { client.end() }
    for _ in 0..<1000 {
      try client.send(.text, #"{"type":"stdin_eof"}"#)
      try client.send(.binary, "input")
    }
    // One complaint for each kind, and one Close.
    #expect(client.socket.count(.text) <= 3 && client.socket.count(.connectionClose) == 1)
  }
}

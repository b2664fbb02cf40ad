import NIOCore
import NIOPosix
import Synchronization
import SystemPackage
import TestSupport

@testable import ContainerBoxes

/// An engine that answers what a test wants, down to the byte.
final class FakeEngine: Sendable {
  /// One answer's bytes, and whether the connection ends after them.
  struct Reply: Sendable {
    var bytes: [UInt8]
    var closes = false
    /// Whether each byte is sent by itself.
    var trickles = false

    static func json(_ status: Int, _ body: String) -> Reply {
      Reply(bytes: Array("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
    }

    static func stream(_ bytes: [UInt8], status: String = "101 UPGRADED") -> Reply {
      let upgrade = status.hasPrefix("101") ? "Connection: Upgrade\r\nUpgrade: tcp\r\n" : ""
      return Reply(bytes: Array("HTTP/1.1 \(status)\r\n\(upgrade)\r\n".utf8) + bytes, closes: true)
    }

    static let nothing = Reply(bytes: [], closes: true)
  }

  /// Answers a request's first line; `count` is how often the same was asked before.
  typealias Answer = @Sendable (_ line: String, _ count: Int) -> Reply

  private let folder = ScratchFolder()
  private let channel: any Channel
  private let counts: Counts

  /// How often each request came.
  final class Counts: Sendable {
    private let counts = Mutex<[String: Int]>([:])
    func next(_ line: String) -> Int {
      counts.withLock { counts in
        defer { counts[line, default: 0] += 1 }
        return counts[line, default: 0]
      }
    }
    func count(_ text: String) -> Int { counts.withLock { $0.filter { $0.key.contains(text) }.values.reduce(0, +) } }
  }

  init(_ answer: @escaping Answer) throws {
    let counts = Counts()
    self.counts = counts
    channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(FakeConnection(counts, answer))
      }
    }.bind(unixDomainSocketPath: folder.path.appending("s").string).wait()
  }

  deinit { channel.close(promise: nil) }

  var access: EngineAccess { EngineAccess(.docker, at: .unix(folder.path.appending("s").string)) }
  var box: ContainerBox { ContainerBox(access, container: "fake") }

  func count(_ text: String) -> Int { counts.count(text) }
}

/// One connection: request after request, each whole before it is answered.
private final class FakeConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let counts: FakeEngine.Counts
  private let answer: FakeEngine.Answer
  private var bytes = ""

  init(_ counts: FakeEngine.Counts, _ answer: @escaping FakeEngine.Answer) {
    self.counts = counts
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytes += String(buffer: unwrapInboundIn(data))
    while let line = takeRequest() {
      let reply = answer(line, counts.next(line))
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      let chunks = reply.trickles ? reply.bytes.map { [$0] } : [reply.bytes]
      for chunk in chunks { context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: chunk)), promise: nil) }
      context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in
        if reply.closes { bound.value.close(promise: nil) }
      }
      if reply.closes { return }
    }
  }

  private func takeRequest() -> String? {
    let lines = bytes.split(separator: "\r\n", omittingEmptySubsequences: false)
    guard let blank = lines.firstIndex(of: ""), blank > 0 else { return nil }
    let length =
      lines[..<blank].first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
    let body = lines[(blank + 1)...].joined(separator: "\r\n")
    guard body.utf8.count >= length else { return nil }
    bytes = String(body.dropFirst(length))
    return lines[0].split(separator: " ").prefix(2).joined(separator: " ")
  }
}

import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Opens HTTP connections to one engine.
struct EngineConnector: Sendable {
  static let encoder = "engine-encoder"
  static let decoder = "engine-decoder"

  let address: EngineAddress
  let loop: any EventLoop
  private let tls: NIOSSLContext?

  /// - Throws: ``EngineAPIError`` when the certificates cannot be read.
  init(_ address: EngineAddress, on loop: any EventLoop) throws(EngineAPIError) {
    self.address = address
    self.loop = loop
    tls = try Self.tlsContext(address)
  }

  /// Connects, and adds the handlers that `fit` adds after HTTP.
  ///
  /// - Parameter reads: whether bytes are read as they arrive; if not, a handler requests them.
  func connect(
    reads: Bool = true, _ fit: @escaping @Sendable (any Channel) throws -> Void
  ) -> EventLoopFuture<any Channel> {
    let bootstrap = ClientBootstrap(group: loop).connectTimeout(.seconds(5))
      .channelOption(.autoRead, value: reads)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try addHTTP(channel)
          try fit(channel)
        }
      }
    switch address {
    case .unix(let path): return bootstrap.connect(unixDomainSocketPath: path)
    case .network(let host, let port, _): return bootstrap.connect(host: host, port: port)
    }
  }

  private func addHTTP(_ channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    if let tls { try pipeline.addHandler(tlsHandler(tls)) }
    try pipeline.addHandler(HTTPRequestEncoder(), name: Self.encoder)
    let decoder = HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)
    try pipeline.addHandler(ByteToMessageHandler(decoder), name: Self.decoder)
  }

  /// Adds the handlers that turn a connection into a stream, before and after HTTP.
  static func addStream(
    _ stream: FrameStream, to channel: any Channel, _ address: EngineAddress, opened: EventLoopPromise<Void>
  ) throws {
    let pipeline = channel.pipeline.syncOperations
    let encoder = try pipeline.context(name: encoder)
    try pipeline.addHandler(stream.gate, position: .before(encoder.handler))
    try pipeline.addHandler(HijackStarter(address, stream.gate, opened: opened))
    try pipeline.addHandler(stream)
  }

  private func tlsHandler(_ tls: NIOSSLContext) throws -> NIOSSLClientHandler {
    guard case .network(let host, _, _) = address else {
      return try NIOSSLClientHandler(context: tls, serverHostname: nil)
    }
    // An IP address is not a server name (RFC 6066); the certificate is then checked against the
    // peer's address.
    let isNumber = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    return try NIOSSLClientHandler(context: tls, serverHostname: isNumber ? nil : host)
  }

  private static func tlsContext(_ address: EngineAddress) throws(EngineAPIError) -> NIOSSLContext? {
    guard case .network(_, _, let files?) = address else { return nil }
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = files.verifies ? .fullVerification : .none
    do {
      if !files.folder.isEmpty { try add(files.folder, to: &configuration) }
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw EngineAPIError(
        .unreachable,
        "the certificates for \(address) in '\(files.folder)' cannot be used: \(EngineAPIError.oneLine("\(error)"))")
    }
  }

  private static func add(_ folder: String, to configuration: inout TLSConfiguration) throws {
    if SmallFile.read(folder + "/ca.pem") != nil { configuration.trustRoots = .file(folder + "/ca.pem") }
    guard SmallFile.read(folder + "/cert.pem") != nil else { return }
    let chain = try NIOSSLCertificate.fromPEMFile(folder + "/cert.pem")
    configuration.certificateChain = chain.map { .certificate($0) }
    configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: folder + "/key.pem", format: .pem))
  }
}

/// Reads one answer after the other on a kept-alive connection.
final class ExchangeHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  /// An engine's answer is never that large; an untrusted peer's may be.
  private static let largestBody = 32 << 20

  private let address: EngineAddress
  private var promise: EventLoopPromise<EngineReply>?
  private var reply: EngineReply?
  private(set) var keepsAlive = true

  init(_ address: EngineAddress) { self.address = address }

  /// Adds a promise for the answer to the next request.
  func expect(_ promise: EventLoopPromise<EngineReply>) {
    self.promise = promise
    reply = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      keepsAlive = head.isKeepAlive
      reply = EngineReply(status: Int(head.status.code))
    case .body(let bytes):
      reply?.body.append(contentsOf: bytes.readableBytesView)
      guard let size = reply?.body.count, size > Self.largestBody else { return }
      fail(
        EngineAPIError(.notAnEngine, "the engine at \(address) sent more than \(Self.largestBody >> 20) MiB"), context)
    case .end:
      guard let reply else { return }
      self.reply = nil
      take()?.succeed(reply)
    }
  }

  private func take() -> EventLoopPromise<EngineReply>? {
    defer { promise = nil }
    return promise
  }

  private func fail(_ error: EngineAPIError, _ context: ChannelHandlerContext) {
    take()?.fail(error)
    context.close(promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError else { return fail(EngineAPIError(error, at: address), context) }
    fail(
      EngineAPIError(.notAnEngine, "the server at \(address) is not a container engine: it does not answer in HTTP"),
      context
    )
  }

  func channelInactive(context: ChannelHandlerContext) {
    take()?.fail(EngineAPIError(.cut, "the engine at \(address) closed the connection before it answered"))
    context.fireChannelInactive()
  }
}

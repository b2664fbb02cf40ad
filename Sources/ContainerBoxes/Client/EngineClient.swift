import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import NetworkBase
import Synchronization

/// One request: a method, a path below the API's version, and a body.
struct EngineRequest: Sendable {
  var method: HTTPMethod
  var path: String
  var body: JSONValue?
  /// The timeout of the whole answer.
  var limit: TimeAmount = .seconds(10)
  /// Whether it may be sent again when a kept-alive connection ended before the answer: only when
  /// nothing is created twice.
  var isRepeatable = true
  /// Whether the connection is upgraded to the command's stream.
  var upgrades = false

  static func get(_ path: String) -> EngineRequest { EngineRequest(method: .GET, path: path) }

  static func post(_ path: String, _ body: JSONValue? = nil) -> EngineRequest {
    EngineRequest(method: .POST, path: path, body: body)
  }

  /// Writes the request.
  func send(to channel: any Channel, host: String) {
    let bytes = body.map { Array($0.text.utf8) } ?? []
    var headers = HTTPHeaders([("Host", host), ("User-Agent", "boxwatch")])
    if method != .GET { headers.add(name: "Content-Length", value: String(bytes.count)) }
    if body != nil { headers.add(name: "Content-Type", value: "application/json") }
    if upgrades {
      headers.add(name: "Connection", value: "Upgrade")
      headers.add(name: "Upgrade", value: "tcp")
    }
    let head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    if !bytes.isEmpty { channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: bytes))), promise: nil) }
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
  }

  /// A word as part of a path: everything except letters, digits and `-._~` is escaped (RFC 3986).
  static func escaped(_ word: String) -> String {
    word.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        String(Unicode.Scalar(byte))
      default: "%" + String(0x100 | UInt16(byte), radix: 16, uppercase: true).dropFirst()
      }
    }.joined()
  }
}

/// An engine's answer.
struct EngineReply: Sendable {
  /// The HTTP status.
  var status: Int
  /// The complete body.
  var body: [UInt8] = []

  /// The body as JSON; nil when it is not JSON.
  var json: JSONValue? { try? JSONValue(parsing: body) }

  /// The engine's message about a refusal; nil when the body has no such field.
  var message: String? { json?["message"]?.string }
}

/// An engine's version information, requested once.
public struct EngineFacts: Hashable, Sendable {
  /// Docker or Podman.
  public let kind: EngineKind
  /// The engine's version, such as `20.10.24`.
  public let version: String
  /// The API version in use, as 1000 × major + minor.
  public let api: Int

  /// The path's prefix, such as `/v1.41`.
  var prefix: String { "/v\(api / 1000).\(api % 1000)" }

  /// The API version that this client was tested with, and the newest whose additions it supports.
  static let (tested, newest) = (1041, 1044)

  /// Parses the answer to `/version`; nil when it is not an engine's.
  ///
  /// The version in use is the newest that both support, but never one that the engine has dropped.
  init?(_ json: JSONValue) {
    guard let api = Self.number(json["ApiVersion"]?.string) else { return nil }
    version = json["Version"]?.string ?? "?"
    let names = (json["Components"]?.array ?? []).compactMap { $0["Name"]?.string }
    kind = names.contains { $0.contains("Podman") } ? .podman : .docker
    self.api = max(min(api, Self.newest), Self.number(json["MinAPIVersion"]?.string) ?? 0)
  }

  /// `1.41` as 1041.
  private static func number(_ text: String?) -> Int? {
    let parts = (text ?? "").split(separator: ".").map { Int($0) }
    guard parts.count >= 2, let major = parts[0], let minor = parts[1], (0..<100).contains(major),
      (0..<1000).contains(minor)
    else { return nil }
    return major * 1000 + minor
  }
}

/// The kind of engine; both speak the Docker API, and differ where this module says so.
public enum EngineKind: String, Sendable, Hashable, CaseIterable {
  /// Docker's.
  case docker
  /// Podman's.
  case podman
}

/// Sends requests to one engine over kept-alive connections; runs on one event loop.
///
/// A blocking call must not be made on an engine's event loop, and so not within a report to a
/// sink.
public final class EngineClient: Sendable {
  /// The engine's address.
  public let address: EngineAddress
  let loop: any EventLoop
  let connector: EngineConnector
  private let idle: NIOLoopBoundBox<[any Channel]>
  private let known = Mutex<EngineFacts?>(nil)

  private static let mostIdle = 8

  /// Creates a client; nothing is connected yet.
  ///
  /// - Throws: ``EngineAPIError`` when the certificates cannot be read, or the process lacks the
  ///   resources for a connection.
  public init(_ address: EngineAddress) throws(EngineAPIError) {
    self.address = address
    do throws(Shortage) { loop = try EventLoops.shared().next() } catch {
      throw EngineAPIError(.unreachable, "the request to the engine at \(address) failed: \(error)")
    }
    connector = try EngineConnector(address, on: loop)
    idle = .makeBoxSendingValue([], eventLoop: loop)
  }

  deinit {
    // Kept-alive connections would otherwise stay open until the engine closes them.
    loop.execute { [idle] in
      for channel in idle.value { channel.close(promise: nil) }
    }
  }

  /// Waits for an answer on this thread.
  ///
  /// - Throws: ``EngineAPIError``, also for a refusal.
  func call<Answer: Sendable>(_ future: EventLoopFuture<Answer>) throws(EngineAPIError) -> Answer {
    guard !loop.inEventLoop else {
      throw EngineAPIError(.timedOut, "an engine cannot be asked on its own event loop")
    }
    do { return try future.wait() } catch { throw EngineAPIError(error, at: address) }
  }

  /// Sends a request below the API's version; a refusal is an error.
  ///
  /// - Parameter isAbsolute: whether the path includes its version.
  func send(_ request: EngineRequest, isAbsolute: Bool = false) -> EventLoopFuture<EngineReply> {
    loop.flatSubmit { [self] in
      asked().flatMap { [self] facts in
        var request = request
        if !isAbsolute { request.path = facts.prefix + request.path }
        return exchange(request)
      }.flatMapThrowing { [address] reply in
        guard (200..<400).contains(reply.status) else { throw EngineAPIError.refusal(reply, address) }
        return reply
      }
    }
  }

  /// The engine's version information, requested at the first use.
  func asked() -> EventLoopFuture<EngineFacts> {
    if let facts = known.withLock({ $0 }) { return loop.makeSucceededFuture(facts) }
    return loop.flatSubmit { [self] in exchange(.get("/version")) }.flatMapThrowing { [self] reply in
      guard reply.status == 200, let facts = reply.json.flatMap(EngineFacts.init) else {
        throw EngineAPIError.refusal(EngineReply(status: reply.status), address)
      }
      known.withLock { $0 = facts }
      return facts
    }
  }
}

// MARK: - Exchanges

extension EngineClient {
  private func exchange(_ request: EngineRequest) -> EventLoopFuture<EngineReply> {
    guard request.isRepeatable else { return freshExchange(request) }
    while let channel = idle.value.popLast() {
      guard channel.isActive else { continue }
      return exchange(request, on: channel).flatMapError { [self] error in
        // The engine may have closed an idle connection just when it was used; then nothing was
        // done.
        guard let error = error as? EngineAPIError, error.kind == .cut else { return loop.makeFailedFuture(error) }
        return freshExchange(request)
      }
    }
    return freshExchange(request)
  }

  private func freshExchange(_ request: EngineRequest) -> EventLoopFuture<EngineReply> {
    let address = address
    let connected = connector.connect { channel in
      try channel.pipeline.syncOperations.addHandler(ExchangeHandler(address))
    }
    return connected.flatMap { [self] channel in exchange(request, on: channel) }
      .flatMapErrorThrowing { error in throw EngineAPIError(error, at: address) }
  }

  private func exchange(_ request: EngineRequest, on channel: any Channel) -> EventLoopFuture<EngineReply> {
    let promise = loop.makePromise(of: EngineReply.self)
    guard let handler = try? channel.pipeline.syncOperations.handler(type: ExchangeHandler.self) else {
      return loop.makeFailedFuture(EngineAPIError(.cut, "the engine at \(address) closed the connection"))
    }
    handler.expect(promise)
    request.send(to: channel, host: "engine")
    let bound = NIOLoopBound((promise, channel), eventLoop: loop)
    let timer = loop.scheduleTask(in: request.limit) { [self] in
      let (promise, channel) = bound.value
      promise.fail(EngineAPIError(.timedOut, "the engine at \(address) did not answer within \(request.limit.seconds)"))
      channel.close(promise: nil)
    }
    let handed = NIOLoopBound(handler, eventLoop: loop)
    promise.futureResult.whenComplete { [self] result in
      timer.cancel()
      if case .success = result, handed.value.keepsAlive { keep(channel) } else { channel.close(promise: nil) }
    }
    return promise.futureResult
  }

  private func keep(_ channel: any Channel) {
    guard channel.isActive, idle.value.count < Self.mostIdle else { return channel.close(promise: nil) }
    idle.value.append(channel)
  }
}

extension TimeAmount {
  /// `10 s`.
  var seconds: String { "\(nanoseconds / 1_000_000_000) s" }
}

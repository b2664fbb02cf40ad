import NIOCore
import NIOPosix
import NetworkThreads
import Synchronization

/// Asks one engine over connections that are kept; everything happens on one event loop.
///
/// A blocking call must not come from an engine's own loop, so not from within a report to a sink.
public final class EngineClient: Sendable {
  /// Where the engine is.
  public let address: EngineAddress
  let loop: any EventLoop
  let connector: EngineConnector
  private let idle: NIOLoopBoundBox<[any Channel]>
  private let known = Mutex<EngineFacts?>(nil)

  private static let mostIdle = 8

  /// Makes a client; nothing is connected yet.
  ///
  /// - Throws: ``EngineAPIError`` when the certificates cannot be read, or a connection cannot be afforded.
  public init(_ address: EngineAddress) throws(EngineAPIError) {
    self.address = address
    do throws(Shortage) { loop = try EventLoops.shared().next() } catch {
      throw EngineAPIError(.unreachable, "cannot ask the engine at \(address): \(error)")
    }
    connector = try EngineConnector(address, on: loop)
    idle = .makeBoxSendingValue([], eventLoop: loop)
  }

  deinit {
    // Kept connections would stay open until the engine ends them.
    loop.execute { [idle] in
      for channel in idle.value { channel.close(promise: nil) }
    }
  }

  /// Waits for an answer on this thread.
  ///
  /// - Throws: ``EngineAPIError``, also for an answer that is a refusal.
  func call<Answer: Sendable>(_ future: EventLoopFuture<Answer>) throws(EngineAPIError) -> Answer {
    guard !loop.inEventLoop else {
      throw EngineAPIError(.timedOut, "an engine cannot be asked from within a report of its own")
    }
    do { return try future.wait() } catch { throw EngineAPIError(error, at: address) }
  }

  /// Sends a request below the API's version; an answer that is a refusal is an error.
  ///
  /// - Parameter isAbsolute: whether the path has its own version.
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

  /// What the engine is, asked at the first use.
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
        // The engine may have closed what was idle just when it was used; then nothing was done.
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
      return loop.makeFailedFuture(EngineAPIError(.cut, "the engine at \(address) ended the connection"))
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

import BoxLiteWire
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization
import TestSupport

@testable import BoxLiteClient

/// A server of the tests that behaves as a real `boxlite serve` does, and misbehaves on demand.
///
/// It keeps 256 KiB of each stream, in whole chunks, replays them to every attach without a mark, lets one client in at a
/// time, and tells of an end whether or not anybody had it.
final class FakeServer: Sendable {
  /// What an `exec` does, off the event loop.
  typealias Script = @Sendable (ExecBody, FakeServer, String) -> Void

  struct State: Sendable {
    var executions: [String: FakeExecution] = [:]
    var next = 0
    /// Faults of the next attaches, in order; nothing is wrong after them.
    var faults: [Fault] = []
    /// Faults of every attach, decided by chance or not.
    var chance: (@Sendable () -> Fault)?
    var waiting: [ObjectIdentifier: @Sendable () -> Void] = [:]
    /// Every connection that looks now hangs up before it sends anything more.
    var isCut = false
    var attaches = 0
    var answers: [String: (Int, String)] = [:]
    var heads: [HTTPRequestHead] = []
  }

  let backlog: Int
  let endpoint: Endpoint
  let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let channel: any Channel
  let state: SharedState
  let script: Script

  final class SharedState: Sendable {
    let value = Mutex(State())
  }

  init(
    unix: String? = nil, isSecure: Bool = false, backlog: Int = 262_144, script: @escaping Script = { _, _, _ in }
  ) throws {
    (self.backlog, self.script) = (backlog, script)
    let state = SharedState()
    self.state = state
    let later = Later()
    let context = isSecure ? try TestCertificate.server() : nil
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
          try later.server.withLock { $0 }?.fit(channel)
        }
      }
    if let unix {
      channel = try bootstrap.bind(unixDomainSocketPath: unix).wait()
      endpoint = .unix(path: unix)
    } else {
      channel = try bootstrap.bind(host: "127.0.0.1", port: 0).wait()
      endpoint = .network(host: "127.0.0.1", port: channel.localAddress?.port ?? 0, tls: isSecure)
    }
    later.server.withLock { $0 = self }
  }

  /// Lets the channel's initializer find a server that is still being made.
  private final class Later: Sendable {
    let server = Mutex<FakeServer?>(nil)
  }

  func stop() {
    try? channel.close().wait()
    try? group.syncShutdownGracefully()
  }

  /// Answers a path with this status and body from now on.
  func answer(_ path: String, _ status: Int, _ body: String) {
    state.value.withLock { $0.answers[path] = (status, body) }
  }

  func plan(_ faults: Fault...) { state.value.withLock { $0.faults = faults } }

  func chance(_ next: @escaping @Sendable () -> Fault) { state.value.withLock { $0.chance = next } }

  func create(_ id: String) { state.value.withLock { $0.executions[id] = FakeExecution() } }

  func write(_ id: String, _ channel: OutputChannel, _ bytes: [UInt8]) {
    change { $0.executions[id]?.chunks.append((channel, bytes)) }
  }

  func write(_ id: String, _ text: String) { write(id, .stdout, Array(text.utf8)) }

  func end(_ id: String, _ code: Int32 = 0) { change { $0.executions[id]?.code = code } }

  func execution(_ id: String) -> FakeExecution? { state.value.withLock { $0.executions[id] } }

  /// Changes something, and lets every attached connection look.
  func change(_ body: (inout State) -> Void) {
    let waiting = state.value.withLock { state in
      body(&state)
      return Array(state.waiting.values)
    }
    for wake in waiting { wake() }
  }

  /// Waits until something is so; what changes without a ``change(_:)`` is looked at soon after too.
  func waitUntil(seconds: Int32 = 30, _ isSo: @escaping @Sendable (borrowing State) -> Bool) {
    let gate = Gate()
    let task = group.next().scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(2)) { [state] task in
      guard state.value.withLock({ isSo($0) }) else { return }
      task.cancel()
      gate.open()
    }
    if !gate.wait(seconds: seconds) { task.cancel() }
  }

  private func fit(_ channel: any Channel) throws {
    let gate = FakeGate(self)
    let upgrader = NIOWebSocketServerUpgrader(
      maxFrameSize: 1 << 24, automaticErrorHandling: false,
      shouldUpgrade: { channel, head in
        channel.eventLoop.makeSucceededFuture(gate.opens(head) ? HTTPHeaders() : nil)
      },
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
          guard let ticket = gate.take() else { return }
          try channel.pipeline.syncOperations.addHandler(FakeAttach(self, ticket))
        }
      })
    let pipeline = channel.pipeline.syncOperations
    try pipeline.configureHTTPServerPipeline(
      withServerUpgrade: (
        upgraders: [upgrader], completionHandler: { $0.pipeline.removeHandler(name: "http", promise: nil) }
      ), withErrorHandling: false)
    try pipeline.addHandler(FakeHTTP(self, gate), name: "http")
  }
}

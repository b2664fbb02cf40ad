import ExecEngine
import ExecModel
import JSON
import NIOCore

/// An engine's events for one container: passes them and the engine's answers to the machine, and performs its
/// actions; runs on the engine's event loop.
final class ExecWatchSession {
  private let client: EngineClient
  private let facts: EngineFacts
  private let container: ContainerInspection
  private let ended: @Sendable (String?) -> Void
  private let found: @Sendable (String) -> Void
  private var lines = EventLines()
  private var machine = ExecWatchMachine()
  private lazy var stream = FrameStream(.raw, isHeld: false, for: self)

  private static let timeToSettle = TimeAmount.milliseconds(20)
  private static let timeToSubscribe = TimeAmount.milliseconds(50)

  init(
    _ client: EngineClient, _ facts: EngineFacts, _ container: ContainerInspection,
    ended: @escaping @Sendable (String?) -> Void, found: @escaping @Sendable (String) -> Void
  ) {
    self.client = client
    self.facts = facts
    self.container = container
    self.ended = ended
    self.found = found
  }

  /// Subscribes to events, and requests the running execs.
  func start() {
    let filters = JSONValue.object([
      "container": .array([.string(container.identifier)]), "type": .array([.string("container")]),
    ])
    let path = "/events?stream=1&filters=" + EngineRequest.escaped(filters.text)
    // Podman answers with its first event only, so that the success of the request is not waited for.
    let opened = client.open(stream, .get(facts.prefix + path)) { [self] in after(Self.timeToSubscribe) { .due } }
    opened.whenFailure { [self] error in apply(.lost(EngineAPIError(error, at: client.address).description)) }
  }

  private func after(_ pause: TimeAmount, _ input: @escaping () -> ExecWatchMachine.Input) {
    client.loop.assumeIsolated().scheduleTask(in: pause) { [self] in apply(input()) }
  }

  /// Stops reporting.
  func stop() { apply(.released) }
}

extension ExecWatchSession: FrameReceiver {
  func take(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    for event in lines.take(bytes).compactMap(EngineEvent.init) { apply(.event(event)) }
    return bytes.byteCount
  }

  func hasArrived() {}

  func delivered(_ end: StreamEnd) { apply(.lost("the engine at \(client.address) no longer sends events")) }
}

// MARK: - Actions

extension ExecWatchSession {
  private func apply(_ input: ExecWatchMachine.Input) {
    switch machine.apply(input) {
    case .none, .drop: break
    case .list: list()
    case .settle(let execs):
      after(Self.timeToSettle) { .settled(execs, isOurs: execs.map(OwnExecs.contains)) }
    case .report(let execs): for exec in execs { found(exec) }
    case .finish(let reason):
      stream.close()
      ended(reason)
    case .close: stream.close()
    }
  }

  private func list() {
    client.inspectContainer(container.identifier).assumeIsolated().whenSuccess { [self] now in
      apply(.listed(now.execs, isRunning: now.isRunning))
    }
  }
}

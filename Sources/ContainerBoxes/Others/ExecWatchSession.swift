import ExecEngine
import JSON
import NIOCore

/// An engine's events for one container, from which execs are found; runs on the engine's event
/// loop.
///
/// Docker's events name the exec; Podman's do not, so that each event triggers a request for the
/// list.
final class ExecWatchSession {
  private let client: EngineClient
  private let facts: EngineFacts
  private let container: ContainerInspection
  private var lines = EventLines()
  private var stream: FrameStream?
  private let ended: @Sendable (String?) -> Void
  private let found: @Sendable (String) -> Void
  private var channel: (any Channel)?
  private var known = RecentNames()
  private var isOver = false

  /// Our own execs are identified when the request that created them is answered, which may be
  /// after their first event.
  private static let patience = TimeAmount.milliseconds(20)
  /// The delay of the first request: the event stream is established by then.
  private static let delay = TimeAmount.milliseconds(50)

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
    let stream = FrameStream(.raw, isHeld: false) { [unowned self] _, bytes in
      for event in lines.take(bytes) { take(event) }
      return bytes.byteCount
    }
    stream.onEnd = { [unowned self] _ in finish("the engine at \(client.address) no longer sends events") }
    self.stream = stream
    // Podman sends its answer only with the first event.
    client.open(stream) { [self] channel in send(on: channel) }.whenFailure { [self] error in
      finish(EngineAPIError(error, at: client.address).description)
    }
  }

  private func send(on channel: any Channel) {
    guard !isOver else { return channel.close(promise: nil) }
    self.channel = channel
    let filters = JSONValue.object([
      "container": .array([.string(container.identifier)]), "type": .array([.string("container")]),
    ])
    let path = "/events?stream=1&filters=" + EngineRequest.escaped(filters.text)
    EngineRequest.get(facts.prefix + path).send(to: channel, host: "engine")
    client.loop.assumeIsolated().scheduleTask(in: Self.delay) { [self] in look() }
  }

  private func take(_ event: JSONValue) {
    guard let action = (event["Action"] ?? event["status"])?.string else { return }
    switch action {
    case "die", "died", "remove", "destroy": finish(nil)
    case "exec": look()
    case _ where action.hasPrefix("exec_start"):
      if let identifier = event["Actor"]?["Attributes"]?["execID"]?.string { tell(identifier) } else { look() }
    default: break
    }
  }

  private func look() {
    guard !isOver else { return }
    client.inspectContainer(container.identifier).assumeIsolated().whenSuccess { [self] now in
      for identifier in now.execs { tell(identifier) }
      if !now.isRunning { finish(nil) }
    }
  }

  private func tell(_ identifier: String) {
    guard !isOver, known.insert(identifier) else { return }
    client.loop.assumeIsolated().scheduleTask(in: Self.patience) { [self] in
      if !isOver, !OwnExecs.contains(identifier) { found(identifier) }
    }
  }

  private func finish(_ reason: String?) {
    guard !isOver else { return }
    stop()
    ended(reason)
  }

  /// Stops reporting.
  func stop() {
    isOver = true
    stream?.drop()
    channel?.close(promise: nil)
    channel = nil
  }
}

import ExecEngine
import ExecModel
import Logging
import NIOCore
import Synchronization

/// One throw-away container, from its start to its exit code; runs on the engine's event loop.
///
/// The stream connection and the request for the exit code are established before the main process
/// starts. States: *opening*, *running*, *ending* (the streams have ended, the exit code is
/// pending), *over*.
final class ImageSession {
  enum Phase {
    case opening, running, ending, over
  }

  let client: EngineClient
  let plan: ImagePlan
  let container: String
  let begun: EventLoopPromise<Void>
  let shared: ExecShared
  private let sink: any ExecutionSink
  private let stream: FrameStream
  private var channel: (any Channel)?
  private var exit: EventLoopFuture<Int32>?
  private(set) var input: ExecInput?
  let sizes: SizeQueue
  private var phase = Phase.opening

  init(_ client: EngineClient, _ plan: ImagePlan, container: String, sink: any ExecutionSink, shared: ExecShared) {
    self.client = client
    self.plan = plan
    self.container = container
    self.sink = sink
    self.shared = shared
    stream = FrameStream(plan.layout, isHeld: true) { sink.output($0, $1) }
    begun = client.loop.makePromise()
    sizes = SizeQueue(client.loop)
  }

  /// Attaches, requests the exit code, and starts the main process.
  func start(_ facts: EngineFacts, file: InputFile?) {
    attach(facts, file: file).flatMap { [client, container] in
      client.startContainer(container)
    }.flatMap { [client, container] in
      client.inspectContainer(container).map(Optional.some).recover { _ in nil }
    }.assumeIsolated().whenComplete { [self] result in
      switch result {
      case .success(let inspection): run(inspection)
      case .failure(let error): fail(EngineAPIError(error, at: client.address))
      }
    }
    exit = client.nextExit(of: container)
  }

  private func attach(_ facts: EngineFacts, file: InputFile?) -> EventLoopFuture<Void> {
    return client.open(stream) { [self] channel in
      self.channel = channel
      input = plan.hasInput ? ExecInput(channel, isTerminal: plan.hasTerminal, file: file) : nil
      let query = "stream=1&stdout=1&stderr=1" + (plan.hasInput ? "&stdin=1" : "")
      var request = EngineRequest.post(facts.prefix + "/containers/\(container)/attach?" + query)
      request.upgrades = true
      request.send(to: channel, host: "engine")
    }.nonisolated()
  }

  private func run(_ inspection: ContainerInspection?) {
    guard phase == .opening else { return }
    phase = .running
    let number = inspection?.processIdentifier ?? 0
    shared.found(number, container: container)
    sink.started(processIdentifier: number > 0 ? number : nil)
    begun.succeed()
    if let size = plan.spec.terminal { resize(size) }
    input?.feed()
    stream.letGo { [unowned self] _ in conclude() }
  }

  private func fail(_ error: EngineAPIError) {
    client.removeContainer(container)
    close()
    begun.fail(ImageStartFailure(image: plan.image, spec: plan.spec, error).error)
  }

  func resize(_ size: TerminalSize) {
    guard plan.hasTerminal, phase != .over else { return }
    let (client, container) = (client, container)
    sizes.add { client.resizeContainer(container, size) }
  }

  func resume() { stream.resume() }

  func empty(_ streams: StreamSet) {
    guard phase != .over else { return }
    for stream in streams.streams { sink.emptied(stream) }
  }

  private func conclude() {
    guard phase == .running else { return }
    phase = .ending
    exit?.assumeIsolated().whenComplete { [self] result in
      guard phase == .ending else { return }
      switch result {
      case .success(let code): finish(code)
      case .failure(let error): lose("\(EngineAPIError(error, at: client.address))")
      }
    }
  }

  private func finish(_ code: Int32) {
    let isWhole = if case .broken = stream.end { false } else { stream.isBetweenFrames }
    if isWhole { for stream in plan.spec.streams.streams { sink.endOfStream(stream) } }
    sink.exited(.exited(code))
    if !isWhole { sink.connectionLost() }
    close()
  }

  private func lose(_ reason: String) {
    ExecSession.logger.warning("container lost", metadata: ["container": "\(container)", "reason": "\(reason)"])
    sink.lose(plan.spec.streams)
    close()
  }

  /// Releases everything, and removes the container if it is still running: no other client uses
  /// it.
  func end() {
    if phase == .running || phase == .ending { client.removeContainer(container) }
    close()
  }

  private func close() {
    phase = .over
    shared.isOver.withLock { $0 = true }
    stream.drop()
    input?.release()
    channel?.close(promise: nil)
    channel = nil
  }
}

/// Why a throw-away container's command did not begin: the engine's refusal, classified by the
/// runtime's message in it.
struct ImageStartFailure {
  let image: String
  let spec: ExecutionSpec
  private let engineError: EngineAPIError

  init(image: String, spec: ExecutionSpec, _ error: EngineAPIError) {
    self.image = image
    self.spec = spec
    engineError = error
  }

  var error: BoxError {
    let text = engineError.description
    let lower = text.lowercased()
    let command = spec.command.first ?? ""
    if lower.contains("no such image") || lower.contains("image not known") {
      return BoxError(.box, "there is no image '\(image)' on the engine: pull it, or build it (\(text))")
    }
    if let user = spec.user, lower.contains("unable to find user") || lower.contains("no matching entries in") {
      return BoxError(.box, "the image '\(image)' has no user '\(user)'")
    }
    guard lower.contains("oci ") || lower.contains("container process") || lower.contains("crun:") else {
      return BoxError(.box, text)
    }
    if lower.contains("not found in $path")
      || lower.contains("no such file or directory") && lower.contains(command.lowercased())
    {
      return BoxError(.notFound, "there is no command '\(command)' in the image '\(image)'")
    }
    if lower.contains("chdir") || lower.contains("working directory") {
      return BoxError(
        .badDirectory, "the working directory '\(spec.workingDirectory ?? "?")' cannot be used in the image '\(image)'")
    }
    if lower.contains("permission denied") {
      return BoxError(
        .notExecutable,
        "'\(command)' in the image '\(image)' cannot be executed: it is a directory, or a file that needs chmod +x")
    }
    return BoxError(.box, text)
  }
}

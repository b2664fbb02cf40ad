import ExecEngine
import ExecModel
import Logging
import NIOCore
import Synchronization

/// One throw-away container: passes its connection's events and the engine's answers to the machine, and performs its
/// actions; runs on the engine's event loop.
final class ImageSession {
  let client: EngineClient
  let plan: ImagePlan
  let container: String
  /// Completed when the command has begun, or failed when it never ran.
  let begun: EventLoopPromise<Void>
  let shared: ExecShared
  let sizes: SizeQueue
  private(set) var input: ExecInput?
  private let sink: any ExecutionSink
  private var machine = ImageMachine()
  private lazy var stream = FrameStream(plan.layout, isHeld: true, for: self)

  init(_ client: EngineClient, _ plan: ImagePlan, container: String, sink: any ExecutionSink, shared: ExecShared) {
    self.client = client
    self.plan = plan
    self.container = container
    self.sink = sink
    self.shared = shared
    begun = client.loop.makePromise()
    sizes = SizeQueue(client.loop)
  }

  /// Attaches, requests the exit code, and starts the main process.
  func start(_ facts: EngineFacts, file: InputFile?) {
    if plan.hasInput { input = ExecInput(stream, on: client.loop, isTerminal: plan.hasTerminal, file: file) }
    let query = "stream=1&stdout=1&stderr=1" + (plan.hasInput ? "&stdin=1" : "")
    var request = EngineRequest.post(facts.prefix + "/containers/\(container)/attach?" + query)
    request.upgrades = true
    pass(client.open(stream, request)) { _ in .attached }
    client.nextExit(of: container).assumeIsolated().whenComplete { [self] result in
      switch result {
      case .success(let code): apply(.exited(.code(code)))
      case .failure(let error): apply(.exited(.unknown(EngineAPIError(error, at: client.address))))
      }
    }
  }

  /// Passes a request's answer to the machine.
  private func pass<Answer>(
    _ request: EventLoopFuture<Answer>.Isolated, _ input: @escaping (Answer) -> ImageMachine.Input
  ) {
    request.whenComplete { [self] result in
      switch result {
      case .success(let answer): apply(input(answer))
      case .failure(let error): apply(.refused(EngineAPIError(error, at: client.address)))
      }
    }
  }

  func resize(_ size: TerminalSize) {
    guard plan.hasTerminal, machine.state != .over else { return }
    let (client, container) = (client, container)
    sizes.add { client.resizeContainer(container, size) }
  }

  /// Offers output again that the sink did not take.
  func resume() { stream.resume() }

  func empty(_ streams: StreamSet) {
    guard machine.state != .over else { return }
    for stream in streams.streams { sink.emptied(stream) }
  }
}

extension ImageSession: FrameReceiver {
  func take(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int { sink.output(stream, bytes) }

  func hasArrived() {}

  func delivered(_ end: StreamEnd) { apply(.delivered) }
}

// MARK: - Actions

extension ImageSession {
  func apply(_ input: ImageMachine.Input) {
    switch machine.apply(input) {
    case .none, .drop: break
    case .start: pass(client.startContainer(container).assumeIsolated()) { _ in .started }
    case .inspect: inspect()
    case .begin(let number): begin(number)
    case .fail(let error): fail(error)
    case .finish(let code): finish(code)
    case .lose(let error): lose(error)
    case .remove:
      client.removeContainer(container)
      close()
    }
  }

  private func inspect() {
    client.inspectContainer(container).assumeIsolated().whenComplete { [self] result in
      let number = (try? result.get())?.processIdentifier ?? 0
      apply(.inspected(number > 0 ? number : nil))
    }
  }

  private func begin(_ number: Int32?) {
    shared.found(number ?? 0, container: container)
    sink.started(processIdentifier: number)
    begun.succeed()
    if let size = plan.spec.terminal { resize(size) }
    input?.feed()
    stream.deliverHeld()
  }

  private func fail(_ error: EngineAPIError) {
    client.removeContainer(container)
    close()
    begun.fail(ImageStartFailure(image: plan.image, spec: plan.spec, error).error)
  }

  private func finish(_ code: Int32) {
    let isWhole = if case .broken = stream.end { false } else { stream.isBetweenFrames }
    if isWhole { for stream in plan.spec.streams.streams { sink.endOfStream(stream) } }
    sink.exited(.exited(code))
    if !isWhole { sink.connectionLost() }
    close()
  }

  private func lose(_ error: EngineAPIError) {
    ExecSession.logger.warning("container lost", metadata: ["container": "\(container)", "reason": "\(error)"])
    sink.lose(plan.spec.streams)
    close()
  }

  private func close() {
    shared.isOver.withLock { $0 = true }
    stream.close()
    input?.release()
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

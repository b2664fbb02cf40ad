import ExecEngine
import ExecModel
import Logging
import NIOCore
import Synchronization

/// One exec: passes its connection's events and the engine's answers to the machine, and performs its actions; runs on
/// the engine's event loop.
final class ExecSession {
  static let logger = Logger(label: "boxwatch.containers")

  let client: EngineClient
  let plan: ExecPlan
  let identifier: String
  let sink: any ExecutionSink
  let shared: ExecShared
  /// Completed when the command has begun, or failed when it never ran.
  let begun: EventLoopPromise<Void>
  let sizes: SizeQueue
  private(set) var input: ExecInput?
  private var machine = ExecMachine()
  private var timers: [ExecMachine.Question: Scheduled<Void>] = [:]
  private lazy var stream = FrameStream(plan.layout, isHeld: true, for: self)

  init(
    _ client: EngineClient, _ plan: ExecPlan, identifier: String, sink: any ExecutionSink, shared: ExecShared
  ) {
    self.client = client
    self.plan = plan
    self.identifier = identifier
    self.sink = sink
    self.shared = shared
    begun = client.loop.makePromise()
    sizes = SizeQueue(client.loop)
  }

  /// Starts the exec, once, on a separate connection.
  func start(file: InputFile?) {
    if plan.hasInput { input = ExecInput(stream, on: client.loop, isTerminal: plan.hasTerminal, file: file) }
    var request = EngineRequest.post(plan.facts.prefix + "/exec/\(identifier)/start", plan.start)
    request.upgrades = true
    client.open(stream, request).whenComplete { [self] result in
      switch result {
      case .success:
        if let size = plan.spec.terminal, !ExecPlan.takesFirstSize(plan.facts) { resize(size) }
        apply(.opened)
      case .failure(let error): apply(.refused(EngineAPIError(error, at: client.address)))
      }
    }
  }

  /// Resizes the terminal; input typed afterwards reaches the command after the new size.
  func resize(_ size: TerminalSize) {
    guard machine.state != .over else { return }
    let (client, identifier) = (client, identifier)
    sizes.add { client.resizeExec(identifier, size) }
  }

  /// Carries out the engine's drain policy: there is no kernel buffer here that could be read.
  func empty(_ streams: StreamSet) {
    guard machine.state != .over else { return }
    for stream in streams.streams { sink.emptied(stream) }
  }

  /// Offers output again that the sink did not take.
  func resume() { stream.resume() }
}

extension ExecSession: FrameReceiver {
  func take(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int { sink.output(stream, bytes) }

  func hasArrived() { apply(.arrived) }

  func delivered(_ end: StreamEnd) { apply(.delivered) }
}

// MARK: - Actions

extension ExecSession {
  func apply(_ input: ExecMachine.Input) {
    switch machine.apply(input, stream.held) {
    case .none, .drop: break
    case .ask(let question): ask(question)
    case .wait(let question, let milliseconds): wait(question, .milliseconds(milliseconds))
    case .examine(let inspection): apply(.examined(evidence(inspection).failure))
    case .begin(let inspection): begin(inspection)
    case .beginAndLose(let error):
      // Whether it ran cannot be determined.
      begin(nil)
      lose("the engine did not report its exit code: \(error)")
    case .fail(let failure): fail(failure)
    case .finish(let code): finish(code, cut: cutStreams())
    case .exitWithOpenStreams(let code): finish(code, cut: plan.spec.streams)
    case .lose(.noAnswer(let error)): lose("\(error)")
    case .lose(.isRunning): lose("the connection ended, and the command is still running")
    case .close: close()
    }
  }

  private func ask(_ question: ExecMachine.Question) {
    client.inspectExec(identifier).assumeIsolated().whenComplete { [self] result in
      switch result {
      case .success(let inspection): apply(.answer(question, inspection))
      case .failure(let error): apply(.noAnswer(question, EngineAPIError(error, at: client.address)))
      }
    }
  }

  private func wait(_ question: ExecMachine.Question, _ pause: TimeAmount) {
    timers[question]?.cancel()
    timers[question] = client.loop.assumeIsolated().scheduleTask(in: pause) { [self] in apply(.due(question)) }
  }

  private func evidence(_ inspection: ExecInspection) -> StartEvidence {
    let (stdout, stderr) = stream.peek()
    return StartEvidence(
      engine: plan.facts.kind, container: plan.container, command: plan.spec.command[0],
      directory: plan.spec.workingDirectory, user: plan.user, hasTerminal: plan.hasTerminal,
      exitCode: inspection.exitCode, processIdentifier: inspection.processIdentifier, stdout: stdout, stderr: stderr)
  }

  private func begin(_ inspection: ExecInspection?) {
    let number = inspection?.processIdentifier ?? 0
    if let inspection { shared.found(number, container: inspection.container) }
    sink.started(processIdentifier: number > 0 ? number : nil)
    begun.succeed()
    input?.feed()
    stream.deliverHeld()
  }

  private func fail(_ failure: ExecMachine.Failure) {
    close()
    begun.fail(error(failure))
  }

  private func error(_ failure: ExecMachine.Failure) -> BoxError {
    let command = plan.spec.command[0]
    return switch failure {
    case .refused(let error): BoxError(.box, "'\(command)' was not started in '\(plan.container)': \(error)")
    case .notStarted: BoxError(.box, "\(plan.facts.kind.rawValue) did not start '\(command)' within two minutes")
    case .proven(let error): error
    }
  }

  /// Reports the end of the streams that have ended, the exit, and the streams that were cut.
  private func finish(_ code: Int32, cut: StreamSet) {
    for stream in plan.spec.streams.subtracting(cut).streams { sink.endOfStream(stream) }
    sink.exited(.exited(code))
    if !cut.isEmpty { sink.connectionLost() }
    close()
  }

  /// The streams that the engine stopped reading although a process can still write to them.
  private func cutStreams() -> StreamSet {
    if case .broken = stream.end { return plan.spec.streams }
    let isCutByEngine = plan.facts.kind == .podman && EngineCut.ends(stream.tail)
    guard stream.isBetweenFrames, !isCutByEngine else { return plan.spec.streams }
    let holders = shared.process?.holders(of: plan.spec.streams) ?? []
    return holders.reduce(into: StreamSet()) { $0.formUnion($1.streams) }
  }

  private func lose(_ reason: String) {
    Self.logger.warning("exec lost", metadata: ["container": "\(plan.container)", "reason": "\(reason)"])
    sink.lose(plan.spec.streams)
    close()
  }

  /// Releases everything here; the command in the container goes on.
  private func close() {
    shared.isOver.withLock { $0 = true }
    for timer in timers.values { timer.cancel() }
    timers = [:]
    stream.close()
    input?.release()
  }
}

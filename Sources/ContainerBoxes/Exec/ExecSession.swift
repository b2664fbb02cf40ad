import ExecEngine
import ExecModel
import Logging
import NIOCore
import Synchronization

/// One exec from its start to its exit code; runs on the engine's event loop.
///
/// States: *judging* (started, and not yet known whether the command began: its bytes are held
/// back), *running*, *ending* (the connection has ended, and the exit code is requested), *over*.
final class ExecSession {
  enum Phase {
    case judging, running, ending, over
  }

  static let logger = Logger(label: "boxwatch.containers")

  let client: EngineClient
  let plan: ExecPlan
  let identifier: String
  let sink: any ExecutionSink
  let stream: FrameStream
  let shared: ExecShared
  let begun: EventLoopPromise<Void>
  var phase = Phase.judging
  var channel: (any Channel)?
  var input: ExecInput?
  let sizes: SizeQueue
  private var looks = 0
  private var isLooking = false

  init(
    _ client: EngineClient, _ plan: ExecPlan, identifier: String, sink: any ExecutionSink, shared: ExecShared
  ) {
    self.client = client
    self.plan = plan
    self.identifier = identifier
    self.sink = sink
    self.shared = shared
    stream = FrameStream(plan.layout, isHeld: true) { sink.output($0, $1) }
    begun = client.loop.makePromise()
    sizes = SizeQueue(client.loop)
  }

  var loop: any EventLoop { client.loop }

  /// Starts the exec, once, on a separate connection.
  ///
  /// ``begun`` reports whether the command began.
  func start(file: InputFile?) {
    stream.onHeldBytes = { [unowned self] in look() }
    stream.onEnd = { [unowned self] _ in look() }
    client.open(stream) { [self] channel in send(on: channel, file: file) }.whenComplete { [self] result in
      didOpen(result)
    }
  }

  private func send(on channel: any Channel, file: InputFile?) {
    self.channel = channel
    input = plan.hasInput ? ExecInput(channel, isTerminal: plan.hasTerminal, file: file) : nil
    var request = EngineRequest.post(plan.facts.prefix + "/exec/\(identifier)/start", plan.start)
    request.upgrades = true
    request.send(to: channel, host: "engine")
  }

  private func didOpen(_ result: Result<Void, any Error>) {
    switch result {
    case .success:
      if let size = plan.spec.terminal, !ExecPlan.takesFirstSize(plan.facts) { resize(size) }
      lookLater()
    case .failure(let error):
      fail(
        BoxError(
          .box,
          "'\(plan.spec.command[0])' was not started in '\(plan.container)': \(EngineAPIError(error, at: client.address).description)"
        ))
    }
  }

  /// Resizes the terminal; input typed afterwards reaches the command after the new size.
  func resize(_ size: TerminalSize) {
    guard phase != .over else { return }
    let (client, identifier) = (client, identifier)
    sizes.add { client.resizeExec(identifier, size) }
  }

  /// Fails an exec that is not known to have begun.
  private func fail(_ error: BoxError) {
    guard phase == .judging else { return }
    close()
    begun.fail(error)
  }

  /// Releases everything here; the command in the container goes on.
  func close() {
    phase = .over
    shared.isOver.withLock { $0 = true }
    stream.drop()
    input?.release()
    channel?.close(promise: nil)
    channel = nil
  }
}

// MARK: - Judging

extension ExecSession {
  /// The maximum number of checks while a command begins; a container that was paused meanwhile
  /// starts nothing.
  private static let patience = 600

  /// Checks with the engine whether the process exists: at the first bytes, at the end, and
  /// periodically.
  private func look() {
    guard phase == .judging, !isLooking else { return }
    isLooking = true
    looks += 1
    client.inspectExec(identifier).assumeIsolated().whenComplete { [self] result in
      isLooking = false
      judge(result)
    }
  }

  /// Delays the first check while there is no output: no runtime starts a command in less than 40
  /// ms, and each check costs the engine time.
  private func lookLater() {
    let isNear = stream.end != nil || stream.holdsBytes
    let delay = min(Int64(isNear ? 2 : 60) << Int64(min(looks, 5)), isNear ? 50 : 250)
    loop.assumeIsolated().scheduleTask(in: .milliseconds(delay)) { [self] in look()
    }
  }

  private func judge(_ result: Result<ExecInspection, any Error>) {
    guard phase == .judging else { return }
    switch result {
    case .success(let inspection): judge(inspection)
    case .failure(let error):
      let error = EngineAPIError(error, at: client.address)
      if stream.end == nil, looks < 20 { return lookLater() }
      // It may have run; this cannot be determined.
      run(nil)
      lose("the engine did not report its exit code: \(error)")
    }
  }

  private func judge(_ inspection: ExecInspection) {
    if inspection.processIdentifier > 0 || stream.holdsMuch { return run(inspection) }
    guard stream.end != nil, !inspection.isRunning else {
      if looks < Self.patience { return lookLater() }
      return fail(
        BoxError(.box, "\(plan.facts.kind.rawValue) did not start '\(plan.spec.command[0])' within two minutes"))
    }
    let (stdout, stderr) = stream.peek()
    let evidence = StartEvidence(
      engine: plan.facts.kind, container: plan.container, command: plan.spec.command[0],
      directory: plan.spec.workingDirectory, user: plan.user, hasTerminal: plan.hasTerminal,
      exitCode: inspection.exitCode, processIdentifier: inspection.processIdentifier, stdout: stdout, stderr: stderr)
    if let failure = evidence.failure { fail(failure) } else { run(inspection) }
  }

  /// Reports that the command began, and delivers its held output.
  private func run(_ inspection: ExecInspection?) {
    guard phase == .judging else { return }
    phase = .running
    let number = inspection?.processIdentifier ?? 0
    if let inspection { shared.found(number, container: inspection.container) }
    sink.started(processIdentifier: number > 0 ? number : nil)
    begun.succeed()
    input?.feed()
    stream.letGo { [unowned self] _ in conclude(inspection) }
  }
}

// MARK: - The end

extension ExecSession {
  /// After the end of the stream: handles the exit code, which was already requested when the
  /// command was short.
  private func conclude(_ known: ExecInspection?) {
    guard phase == .running else { return }
    phase = .ending
    if let known, !known.isRunning, known.exitCode != nil { return finish(known) }
    askForCode(tries: 0)
  }

  /// Requests the exit code: the end of the connection proves nothing, since a killed engine ends
  /// it too.
  ///
  /// Only the exit code proves that the output is complete.
  private func askForCode(tries: Int) {
    client.inspectExec(identifier).assumeIsolated().whenComplete { [self] result in
      guard phase == .ending else { return }
      switch result {
      case .success(let inspection) where !inspection.isRunning && inspection.exitCode != nil: finish(inspection)
      case .success:
        // Podman records the end a moment after the connection's; a much longer delay means that
        // the connection was cut.
        guard tries < 50 else { return lose("the connection ended, and the command is still running") }
        loop.assumeIsolated().scheduleTask(in: .milliseconds(min(2 << Int64(min(tries, 7)), 200))) { [self] in
          askForCode(tries: tries + 1)
        }
      case .failure(let error): lose("\(EngineAPIError(error, at: client.address))")
      }
    }
  }

  /// Reports the end of the streams that have ended, the exit, and the streams that were cut.
  private func finish(_ inspection: ExecInspection) {
    let cut = cutStreams()
    for stream in plan.spec.streams.subtracting(cut).streams { sink.endOfStream(stream) }
    sink.exited(.exited(inspection.exitCode ?? 0))
    if !cut.isEmpty { sink.connectionLost() }
    close()
  }

  /// The streams that the engine stopped reading although a process can still write to them.
  private func cutStreams() -> StreamSet {
    if case .broken = stream.end { return plan.spec.streams }
    guard stream.isBetweenFrames, !isCutByEngine else { return plan.spec.streams }
    let holders = shared.process?.holders(of: plan.spec.streams) ?? []
    return holders.reduce(into: StreamSet()) { $0.formUnion($1.streams) }
  }

  private var isCutByEngine: Bool { plan.facts.kind == .podman && EngineCut.ends(stream.tail) }

  private func lose(_ reason: String) {
    Self.logger.warning("exec lost", metadata: ["container": "\(plan.container)", "reason": "\(reason)"])
    sink.lose(plan.spec.streams)
    close()
  }

  /// Called after a KILL was sent: when the engine still waits for a stream held by others, the
  /// exit is reported without it.
  func exitIsDue() {
    loop.assumeIsolated().scheduleTask(in: .seconds(3)) { [self] in
      guard phase == .running else { return }
      client.inspectExec(identifier).assumeIsolated().whenSuccess { [self] inspection in
        guard phase == .running, !inspection.isRunning, let code = inspection.exitCode else { return }
        phase = .ending
        sink.exited(.exited(code))
        sink.connectionLost()
        close()
      }
    }
  }

  /// Carries out the engine's drain policy: there is no kernel buffer here that could be read.
  func empty(_ streams: StreamSet) {
    guard phase != .over else { return }
    for stream in streams.streams { sink.emptied(stream) }
  }
}

import BoxLiteClient
import BoxwatchUI
import CursesTerminal
import ExecEngine
import ExecModel

extension Monitor {
  func perform(_ effect: Effect) {
    switch effect {
    case .start(let request): start(request)
    case .startWaiting(let id): startWaiting(id)
    case .cancelWaiting(let id): cancelWaiting(id)
    case .signal(let id, let signal): self.signal(id, signal)
    case .forceClose(let id): kill(id)
    case .release(let id): attempt { try session.engine.forceClose(id) }
    case .write(let id, let bytes): write(bytes, to: id)
    case .closeInput(let id): closeInput(of: id)
    case .resizeTerminal(let id, let size): resize(id, size)
    case .lookUpHolders(let id): lookUpHolders(id)
    case .measureUsage(let targets): usage.measure(targets)
    case .hold(let request): hold(request)
    case .copy(let text): screen?.setClipboard(base64: Base64.encode(text.utf8))
    case .listBoxes: listBoxes()
    case .listExecutions: listExecutions()
    case .attach(let target): attach(target)
    case .forget(let id): forget(id)
    case .suspend: if let screen { suspend(screen) }
    case .redraw: if let screen { redraw(screen) }
    case .proceed: mailbox.post(.proceed)
    // In both cases executions that are still running are ended.
    case .quit: ending = .quit
    }
  }

  private func attempt(_ body: () throws -> Void) {
    do {
      try body()
    } catch let error as SignalError {
      send(.notice(error.words, isError: true))
    } catch {
      send(.notice("\(error)", isError: true))
    }
  }

  private func forget(_ id: ExecutionID) {
    if let status = status(id), status != 0, requested.contains(id) { forgotten[id] = status }
    // A client of our server may still query its execution.
    if server == nil { try? session.engine.forget(id) }
    feeds.remove(id)
    steerings.removeValue(forKey: id)?.input.close()
  }

  private func signal(_ id: ExecutionID, _ signal: Signal) {
    if let remote = steerings[id] { return remote.signal(signal) }
    attempt { try session.engine.signal(id, signal) }
  }

  private func kill(_ id: ExecutionID) {
    if let remote = steerings[id] { return remote.kill() }
    attempt { try session.engine.kill(id) }
  }

  private func closeInput(of id: ExecutionID) {
    if let remote = steerings[id] { return remote.input.closeInput() }
    attempt { try session.engine.closeInput(id) }
  }

  private func resize(_ id: ExecutionID, _ size: TerminalSize) {
    if let remote = steerings[id] { return remote.resize(size) }
    attempt { try session.engine.resize(id, to: size) }
  }

  private func write(_ bytes: [UInt8], to id: ExecutionID) {
    let mailbox = mailbox
    let tell: @Sendable (String?) -> Void = { reason in
      if let reason { mailbox.post(.notice("the input was not taken: \(reason)", isError: true)) }
      // In both cases the write is no longer pending.
      mailbox.post(.inputTaken(id))
    }
    if let remote = steerings[id] { return remote.input.write(bytes, completion: tell) }
    attempt { try session.engine.write(id, bytes) { error in tell(error?.words) } }
  }

  /// Runs on a background thread: scanning /proc takes longer than a frame.
  private func lookUpHolders(_ id: ExecutionID) {
    let (engine, mailbox) = (session.engine, mailbox)
    inBackground("boxwatch-holders") {
      if let holders = try? engine.holders(id) { mailbox.post(.holders(id, holders)) }
    }
  }

  private func start(_ request: StartRequest) {
    let configuration = session.configuration
    let spec = ExecutionSpec(
      command: request.command, input: request.wantsInput ? .pipe : .closed, terminal: request.terminal,
      drain: configuration.drain, keep: configuration.keep, onRecordFailure: configuration.onRecordFailure)
    do {
      let box = request.box.isEmpty ? configuration.box : request.box
      try start(ExecutionRequest(box: box, spec: spec, sandbox: Self.sandbox(request.options).checked()))
    } catch {
      send(.startRefused("\(error)"))
    }
  }

  @discardableResult
  func start(_ request: ExecutionRequest, inPlaceOf waiting: ExecutionID? = nil) throws -> ExecutionID {
    var request = request
    if request.spec.terminal != nil { request.spec.terminal = model.freshTerminalSize }
    let (id, subscription) = try create(request)
    feeds.add(ExecutionFeed(id, subscription, wake))
    let now = MonotonicClock.now
    send(
      waiting.map { .begun($0, as: id, created: now) } ?? .added(id, request.spec, box: request.box, created: now))
    wake.wake()
    return id
  }

  private func create(_ request: ExecutionRequest) throws -> BackgroundStart.Created {
    let box = try session.boxes.box(named: request.box, adding: request.sandbox)
    // The network decides how long the start takes; keys must not wait for it.
    if box is BoxLiteBox { return try BackgroundStart.start(request.spec, in: box, session.engine) }
    var subscription: Subscription?
    let id = try OwnStart.$isUnderWay.withValue(true) {
      try session.start(request) { subscription = try session.engine.attach($0) }
    }
    guard let subscription else { throw Failure("the engine has started nothing") }
    return (id, subscription)
  }
}

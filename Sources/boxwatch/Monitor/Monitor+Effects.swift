import BoxLiteClient
import BoxwatchUI
import Console
import CursesTerminal
import ExecEngine
import ExecModel
import Headless
import Instances
import JSON
import Jobs
import Linux

extension Monitor {
  func perform(_ requests: [Screens.Request]) {
    for request in requests {
      switch request {
      case .monitor(let effect): perform(effect)
      case .hold(let request): hold(request)
      }
    }
  }

  func perform(_ effect: Effect) {
    switch effect {
    case .start(let request): start(request)
    case .startWaiting(let id): startWaiting(id)
    case .cancelWaiting(let id): cancelWaiting(id)
    case .signal(let id, let signal): control(id)?.signal(signal)
    case .forceClose(let id): control(id)?.kill()
    case .release(let id): control(id)?.release()
    case .write(let id, let bytes): write(bytes, to: id)
    case .closeInput(let id): control(id)?.closeInput()
    // The terminal of an execution without a control keeps its size.
    case .resizeTerminal(let id, let size): controls[id]?.resize(size)
    case .lookUpHolders(let id): lookUpHolders(id)
    case .measureUsage(let targets): usage.measure(targets)
    case .openRaceLab: openLab()
    case .copy(let text): screen?.setClipboard(base64: Base64.encode(text.utf8))
    case .listBoxes: listBoxes()
    case .listExecutions: listExecutions()
    case .attach(let target): attach(target)
    case .forget(let id): forget(id)
    case .suspend: if let screen { suspend(screen) }
    case .redraw: if let screen { redraw(screen) }
    case .proceed: mailbox.post(.proceed)
    // Leaving the loop ends what is still running.
    case .quit: ending = .quit
    }
  }

  private func forget(_ id: ExecutionID) {
    if let status = status(id), status != 0, requested.contains(id) { forgotten[id] = status }
    // A client of our server may still query its execution.
    if server == nil { try? session.engine.forget(id) }
    feeds.remove(id)
    controls.removeValue(forKey: id)?.close()
  }

  private func write(_ bytes: [UInt8], to id: ExecutionID) {
    guard let control = control(id) else { return send(.inputTaken(id)) }
    let mailbox = mailbox
    control.write(bytes) { mailbox.post(.inputTaken(id)) }
  }

  /// The control of an execution; a notice says why there is none.
  ///
  /// An attached execution that is over has a row before its end was read, and until then the model allows every key.
  private func control(_ id: ExecutionID) -> (any ExecutionControl)? {
    if controls[id] == nil { mailbox.complain("execution \(model.row(id)?.number ?? 0) is over") }
    return controls[id]
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
    let now = MonotonicClock.now
    show(
      id, subscription,
      waiting.map { .begun($0, as: id, created: now) }
        ?? .added(id, request.spec, box: request.box, created: now),
      by: engineControl(id))
    return id
  }

  private func create(_ request: ExecutionRequest) throws -> BackgroundStart.Created {
    let box = try session.boxes.box(named: request.box, adding: request.sandbox)
    // The network decides how long the start takes; keys must not wait for it.
    if box is BoxLiteBox { return try BackgroundStart.start(request.spec, in: box, session.engine) }
    var subscription: Subscription?
    let id = try OwnStart.$isUnderWay.withValue(true) {
      try session.launcher.start(request) { subscription = try session.engine.attach($0) }
    }
    guard let subscription else { throw Failure("the engine started nothing") }
    return (id, subscription)
  }
}

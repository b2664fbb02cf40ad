import BoxwatchUI
import CursesTerminal
import ExecEngine
import ExecModel

extension Monitor {
  func perform(_ effect: Effect) {
    let engine = session.engine
    switch effect {
    case .start(let request): start(request)
    case .signal(let id, let signal): attempt { try engine.signal(id, signal) }
    case .forceClose(let id): attempt { try engine.kill(id) }
    case .release(let id): attempt { try engine.forceClose(id) }
    case .write(let id, let bytes): write(bytes, to: id)
    case .closeInput(let id): attempt { try engine.closeInput(id) }
    case .resizeTerminal(let id, let size): attempt { try engine.resize(id, to: size) }
    case .lookUpHolders(let id): lookUpHolders(id)
    case .hold(let request): hold(request)
    case .copy(let text): screen?.setClipboard(base64: Base64.encode(text.utf8))
    case .listExecutions: listExecutions()
    case .attach(let target): attach(target)
    case .forget(let id): feeds.remove(id)
    case .suspend: if let screen { suspend(screen) }
    case .redraw: if let screen { redraw(screen) }
    case .proceed: mailbox.post(.proceed)
    // Either way: what still runs is ended, never left behind.
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

  private func write(_ bytes: [UInt8], to id: ExecutionID) {
    let mailbox = mailbox
    attempt {
      try session.engine.write(id, bytes) { error in
        mailbox.post(error.map { .notice("the input was not taken: \($0.words)", isError: true) } ?? .inputTaken(id))
      }
    }
  }

  /// On a thread of its own: looking through /proc takes longer than a frame.
  private func lookUpHolders(_ id: ExecutionID) {
    let (engine, mailbox) = (session.engine, mailbox)
    EngineThread.start(name: "boxwatch-holders") {
      if let holders = try? engine.holders(id) { mailbox.post(.holders(id, holders)) }
    }
  }

  private func start(_ request: StartRequest) {
    let configuration = session.configuration
    let spec = ExecutionSpec(
      command: request.command, input: request.wantsInput ? .pipe : .closed, terminal: request.terminal,
      drain: configuration.drain, keep: configuration.keep)
    do {
      try start(ExecutionRequest(box: request.box.isEmpty ? configuration.box : request.box, spec: spec))
    } catch {
      send(.startRefused("\(error)"))
    }
  }

  @discardableResult
  func start(_ request: ExecutionRequest) throws -> ExecutionID {
    var request = request
    if request.spec.terminal != nil { request.spec.terminal = model.freshTerminalSize }
    var feed: ExecutionFeed?
    let id = try session.start(request) { id in
      ownStarts.insert(id)
      feed = ExecutionFeed(id, try session.engine.attach(id), wake)
    }
    if let feed { feeds.add(feed) }
    send(.added(id, request.spec, box: request.box, created: MonotonicClock.now))
    wake.wake()
    return id
  }
}

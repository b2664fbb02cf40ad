import BoxwatchUI
import Cells
import CursesTerminal
import ExecEngine
import ExecModel
import Glibc
import Journal

/// The monitor: keys, events, signals and time become messages for the model, and frames come out.
///
/// A frame is drawn when something changed, at most
/// sixty times a second. Everything of it runs on the main thread.
@MainActor
final class Monitor {
  private let session: Session
  private let signals: SignalQueue
  private let wake: WakeDescriptor
  private let mailbox: Mailbox
  private let errors = StandardErrorCapture()
  private let themes = ThemeStore()
  private var screen: CursesScreen?
  private var model: Model
  private var feeds: [ExecutionID: ExecutionFeed] = [:]
  private var requested: [ExecutionID] = []
  private var pace = FramePace()
  private var ending: Ending?

  /// Why the loop ends.
  private enum Ending {
    case quit
    case signal(Int32)
  }

  init(_ session: Session) throws {
    self.session = session
    signals = try SignalQueue([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])
    wake = try WakeDescriptor()
    mailbox = Mailbox(wake)
    model = Model(height: 24, width: 80)
  }

  /// Shows the commands until the user leaves, and returns the exit status.
  ///
  /// - Parameters:
  ///   - requests: the commands.
  ///   - lab: the race lab, when that is what is wanted.
  /// - Throws: ``Failure`` when nothing could be shown or started.
  func run(_ requests: [ExecutionRequest], lab: LabModel? = nil) throws -> Int32 {
    for request in requests { _ = try session.boxes.box(named: request.box) }
    let screen = try openScreen()
    defer { leave() }
    prepareModel(screen)
    if let lab { model.open(lab) }
    do {
      for request in requests { requested.append(try start(request)) }
    } catch {
      // What was started before must not outlive us.
      leave()
      Farewell(session.engine).endAll()
      throw error
    }
    while ending == nil { turn(screen) }
    return finish(screen)
  }

  private func openScreen() throws -> CursesScreen {
    do throws(TerminalError) {
      let screen = try CursesScreen(depth: depth)
      screen.isMouseOn = session.screen.mouse
      screen.setTitle("boxwatch")
      errors.begin()
      self.screen = screen
      return screen
    } catch {
      throw Failure(error.description)
    }
  }

  /// A choice on the command line beats NO_COLOR (no-color.org).
  private var depth: ColorDepth? {
    switch session.screen.color {
    case .always: nil
    case .never: .mono
    case .auto: Environment["NO_COLOR"] == nil ? nil : .mono
    }
  }

  private func prepareModel(_ screen: CursesScreen) {
    let size = screen.size
    model = Model(
      height: size.height, width: size.width, theme: .builtIn,
      boxes: session.boxes.choices(first: session.configuration.box), depth: screen.colorDepth,
      isUTF8: screen.isUTF8)
    let name = session.screen.theme ?? session.configuration.theme ?? ThemeStore.standard
    do {
      model.theme = try themes.theme(named: name)
    } catch {
      if let fallback = try? themes.theme(named: ThemeStore.standard) { model.theme = fallback }
      send(.notice("\(error)", isError: true))
      Diagnostics.print("\(error)")
    }
    tick()
  }

  /// Gives the terminal back, whatever ended the loop.
  private func leave() {
    screen?.close()
    screen = nil
    errors.end()
  }
}

// MARK: - The loop

extension Monitor {
  private func turn(_ screen: CursesScreen) {
    wait()
    while let signal = signals.next() { handle(signal, screen) }
    for key in screen.readKeys() {
      prepare(for: key)
      send(.key(key))
    }
    for message in mailbox.take() { send(message) }
    let now = MonotonicClock.now
    if pace.mayRead(now) { readFeeds() }
    if pace.isTickDue(now) { tick() }
    guard model.needsDisplay, pace.mayDraw(now) else { return }
    model.needsDisplay = false
    screen.show(view(model, text: text))
    pace.drew(at: MonotonicClock.now)
  }

  /// The themes are read when somebody wants to choose: parsing them all takes longer than starting and drawing.
  private func prepare(for key: Key) {
    guard model.themes.isEmpty, model.lab == nil, model.keymap.command(for: key, in: .main) == .themes else { return }
    model.themes = themes.readable()
  }

  private func wait() {
    var entries = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    let timeout = pace.timeout(now: MonotonicClock.now, needsDisplay: model.needsDisplay)
    guard poll(&entries, 3, timeout) > 0 else { return }
    if entries[2].revents != 0 {
      wake.clear()
      pace.hasNews = true
    }
    // A terminal that is gone reads as ready for ever.
    if entries[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { ending = .signal(SIGHUP) }
  }

  private func handle(_ signal: Signal, _ screen: CursesScreen) {
    switch signal.number {
    case SIGWINCH:
      // Smaller and back between two looks is no new size, but the terminal has cut what it showed.
      if !screen.resize() { redraw(screen) }
      let size = screen.size
      send(.resized(rows: size.height, columns: size.width))
    case SIGTSTP: suspend(screen)
    case SIGCONT: model.needsDisplay = true
    default: ending = .signal(signal.number)
    }
  }

  private func redraw(_ screen: CursesScreen) {
    screen.redraw()
    model.needsDisplay = true
  }

  private func suspend(_ screen: CursesScreen) {
    screen.stopProcess()
    let size = screen.size
    send(.resized(rows: size.height, columns: size.width))
  }

  /// Hands the model what came; false when nothing did.
  @discardableResult
  private func readFeeds() -> Bool {
    pace.read(at: MonotonicClock.now)
    var hasNews = false
    for (id, feed) in feeds {
      do throws(JournalError) {
        for event in try feed.take() {
          hasNews = true
          receive(event, of: id)
        }
      } catch {
        send(.notice(error.description, isError: true))
      }
    }
    return hasNews
  }

  private func receive(_ event: RecordedEvent, of id: ExecutionID) {
    send(.event(id, event))
    if case .startFailed = event.event, let reason = try? session.engine.snapshot(id).startError {
      send(.notice(reason, isError: true))
    }
  }

  private func tick() {
    pace.ticked(at: MonotonicClock.now)
    send(.tick(now: MonotonicClock.now, clock: MonotonicClock.timeOfDay))
  }

  private func text(_ id: ExecutionID, _ stream: ExecStream) -> (any TextSource)? { feeds[id]?.text(stream) }

  private func send(_ message: Message) {
    for effect in update(&model, message, text: text) { perform(effect) }
  }
}

// MARK: - Effects

extension Monitor {
  private func perform(_ effect: Effect) {
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
    case .copy(let text): screen?.setClipboard(base64: Base64.encode(text.utf8))
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
  private func start(_ request: ExecutionRequest) throws -> ExecutionID {
    var request = request
    if request.spec.terminal != nil { request.spec.terminal = model.freshTerminalSize }
    var feed: ExecutionFeed?
    let id = try session.start(request) { id in
      feed = ExecutionFeed(id, try session.engine.attach(id), wake)
    }
    feeds[id] = feed
    send(.added(id, request.spec, box: request.box, created: MonotonicClock.now))
    wake.wake()
    return id
  }
}

// MARK: - Leaving

extension Monitor {
  private func finish(_ screen: CursesScreen) -> Int32 {
    leave()
    Farewell(session.engine).endAll()
    // The last events may be more than one reading takes; of what could not be ended there may be ever more.
    for _ in 0..<1000 where readFeeds() {}
    print(Summary.text(model.rows, text: text), terminator: "")
    fflush(nil)
    if case .signal(let number) = ending { return 128 + number }
    let conclusions = requested.compactMap { try? session.engine.snapshot($0).conclusion }
    return conclusions.map(\.outcome.status.shellCode).first { $0 != 0 } ?? 0
  }
}

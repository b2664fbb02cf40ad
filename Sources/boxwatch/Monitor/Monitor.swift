import BoxLiteServer
import BoxwatchUI
import Cells
import ContainerBoxes
import CursesTerminal
import ExecEngine
import ExecModel
import Glibc
import Journal
import SystemPackage

/// The monitor: keys, events, signals and time become messages for the model, and frames come out.
///
/// A frame is drawn when something changed, at most
/// sixty times a second. Everything of it runs on the main thread.
@MainActor
final class Monitor {
  let session: Session
  private let signals: SignalQueue
  let wake: WakeDescriptor
  let mailbox: Mailbox<Message>
  private let errors = StandardErrorCapture()
  private let themes = ThemeStore()
  var screen: CursesScreen?
  var model: Model
  /// Executions that the engine has started for others.
  let starts: Mailbox<ExecutionID>
  /// What was opened of elsewhere.
  let attachments: Mailbox<Attached>
  var feeds = FeedTable()
  /// The ways to steer executions of other boxwatches.
  var steerings: [ExecutionID: RemoteSteering] = [:]
  let remoteListing: RemoteListing
  let usage: UsageMeter
  private var socket: InstanceSocket?
  /// Whether the terminal has said that there is input, and how often in a row it then gave none.
  private var (hasInput, emptyReads) = (false, 0)
  var server: RESTServer?
  var requested: [ExecutionID] = []
  /// The commands of the list that was asked for.
  var jobs = MonitorJobs()
  /// The statuses of requested executions that were forgotten, where they are not 0.
  var forgotten: [ExecutionID: Int32] = [:]
  var pace = FramePace()
  var ending: Ending?
  var held: HeldExecution?
  /// What tells of others' commands in containers.
  var watches: [ExecWatch] = []

  /// Why the loop ends.
  enum Ending {
    case quit
    case signal(Signal)
  }

  init(_ session: Session) throws {
    self.session = session
    signals = try SignalQueue(and: [SIGTSTP, SIGCONT, SIGWINCH])
    wake = try WakeDescriptor()
    mailbox = Mailbox(wake)
    starts = Mailbox(wake)
    attachments = Mailbox(wake)
    remoteListing = RemoteListing(session.boxes.remote)
    let (boxes, mailbox) = (session.boxes, mailbox)
    usage = UsageMeter(session.engine, box: { try? boxes.box(named: $0) }, report: { mailbox.post($0) })
    model = Model(height: 24, width: 80)
    // By a message, not by an event: an event that cannot be recorded has no reader.
    session.engine.watchRecords { id, health in
      if case .stalled(let number, _) = health { return mailbox.post(.recordStalled(id, number)) }
      mailbox.post(.recordStalled(id, nil))
    }
    // On the screen now, and on standard error when that is gone.
    EngineWarnings.listen { warning in
      mailbox.post(.notice(warning, isError: true))
      Diagnostics.print(warning)
    }
  }

  /// Shows the commands until the user leaves, and returns the exit status.
  ///
  /// - Parameters:
  ///   - requests: the commands.
  ///   - limit: how many of them run at the same time.
  ///   - server: whose clients start commands, too; it is stopped at the end.
  ///   - attached: executions of elsewhere to attach to.
  ///   - allowsInput: false to only watch those.
  ///   - isPicking: whether to open the list of what there is to attach to.
  ///   - lab: the race lab, when that is what is wanted.
  ///   - command: what its holding page is to start, empty to be asked; nil for the stepping page.
  /// - Throws: ``Failure`` when nothing could be shown or started.
  func run(
    _ requests: [ExecutionRequest], jobs limit: Int = JobLimit.standard, server: RESTServer? = nil,
    attaching attached: [AttachRequest] = [],
    allowsInput: Bool = true, isPicking: Bool = false, lab: LabModel? = nil,
    holding command: [String]? = nil
  ) throws -> Int32 {
    for request in requests { try session.check(request) }
    let screen = try openScreen()
    defer { leave() }
    prepareModel(screen)
    session.keepPruning()
    self.server = server
    server?.watchClients { [wake] in wake.wake() }
    readServer()
    if let lab { open(lab, holding: command) }
    do {
      jobs = MonitorJobs(requests, limit: limit)
      try startJobs()
    } catch {
      // What was started before must not outlive us.
      leave()
      Farewell(session.engine).endAll()
      throw error
    }
    for request in attached { attach(request, allowsInput: allowsInput) }
    if isPicking { for effect in model.openPicker() { perform(effect) } }
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
    // Whoever has the terminal meanwhile may not let others write to it (TOSTOP): we would be stopped at our end.
    if screen?.isSuspended == true { signal(SIGTTOU, SIG_IGN) }
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
    endWithoutInput(screen)
    for message in mailbox.take() { send(message) }
    takeStarts()
    takeAttachments()
    readServer()
    let now = MonotonicClock.now
    if pace.mayRead(now) {
      readFeeds()
      readHeld()
    }
    continueJobs()
    if pace.isTickDue(now) {
      tick()
      if screen.isSuspended { comeBack(screen) }
    }
    guard model.needsDisplay, pace.mayDraw(now) else { return }
    model.needsDisplay = false
    screen.show(view(model, text: text))
    pace.drew(at: MonotonicClock.now)
    // After the first frame: nobody waits for it.
    if socket == nil { openSocket() }
  }

  private func openSocket() {
    let mailbox = mailbox
    socket = InstanceSocket.start(server == nil ? .monitor : .serve, session.engine, beside: server) {
      mailbox.post(.notice($0, isError: true))
    }
  }

  /// The themes are read when somebody wants to choose: parsing them all takes longer than starting and drawing.
  private func prepare(for key: Key) {
    guard model.themes.isEmpty, model.lab == nil, model.keymap.command(for: key, in: .main) == .themes else { return }
    model.themes = themes.readable()
  }

  private func wait() {
    let isSuspended = screen?.isSuspended == true
    var entries = [
      // While the terminal is another's its keys are, too.
      pollfd(fd: isSuspended ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    let timeout = pace.timeout(now: MonotonicClock.now, needsDisplay: model.needsDisplay)
    hasInput = false
    guard poll(&entries, 3, timeout) > 0 else { return }
    if entries[2].revents != 0 {
      wake.clear()
      pace.hasNews = true
    }
    hasInput = entries[0].revents & Int16(POLLIN) != 0
    // A terminal that is gone reads as ready for ever.
    if entries[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { ending = .signal(.hangUp) }
  }

  /// Takes a terminal that is ready and cannot be read as gone: it would keep the loop busy for ever.
  ///
  /// One is: read(2) fails with EIO in a background process group whose session's leader is gone. A few empty reads are
  /// the parts of one character.
  private func endWithoutInput(_ screen: CursesScreen) {
    emptyReads = hasInput && !screen.isSuspended && !screen.hasReadInput ? emptyReads + 1 : 0
    if emptyReads > 100 { ending = .signal(.hangUp) }
  }

  private func handle(_ signal: Signal, _ screen: CursesScreen) {
    switch signal.number {
    case SIGWINCH:
      // Smaller and back between two looks is no new size, but the terminal has cut what it showed.
      if !screen.resize() { redraw(screen) }
      let size = screen.size
      send(.resized(rows: size.height, columns: size.width))
    case SIGTSTP: suspend(screen)
    case SIGCONT: comeBack(screen)
    default: ending = .signal(signal)
    }
  }

  func redraw(_ screen: CursesScreen) {
    screen.redraw()
    model.needsDisplay = true
  }

  func suspend(_ screen: CursesScreen) {
    screen.stopProcess()
    comeBack(screen)
  }

  /// Takes the terminal again, if it is ours again, at the size that it has now.
  private func comeBack(_ screen: CursesScreen) {
    screen.resume()
    let size = screen.size
    send(.resized(rows: size.height, columns: size.width))
    model.needsDisplay = true
  }

  /// Hands the model what came; false when nothing did.
  @discardableResult
  private func readFeeds() -> Bool {
    pace.read(at: MonotonicClock.now)
    var hasNews = false
    var news: [FeedTable.News] = []
    let isCutShort = feeds.read { news.append($0) }
    for (id, result) in news {
      hasNews = true
      switch result {
      case .success(let events): for event in events { receive(event, of: id) }
      case .failure(let error): send(.notice(error.description, isError: true))
      }
    }
    for id in feeds.takeInterrupted() { send(.interrupted(id)) }
    if isCutShort { pace.hasNews = true }
    return hasNews || isCutShort
  }

  /// Tries again what could not be read; the end of such an execution is known by the engine.
  private func retryFeeds() {
    for (id, error) in feeds.retry() {
      pace.hasNews = true
      guard let conclusion = (try? session.engine.snapshot(id))?.conclusion else { continue }
      jobs.ended(id)
      if SystemErrorText.canLift(error.errno.rawValue) { continue }
      // A deleted record does not come back: the row would run on for ever.
      guard let row = model.row(id), !row.isOver else { continue }
      let elapsed = MonotonicClock.now &- row.created
      send(.event(id, RecordedEvent(sequence: .max, time: elapsed, event: .exit(conclusion))))
    }
  }

  private func receive(_ event: RecordedEvent, of id: ExecutionID) {
    send(.event(id, event))
    if case .exit = event.event { jobs.ended(id) }
    if case .startFailed = event.event, let reason = try? session.engine.snapshot(id).startError {
      send(.unstartable(id, reason))
      send(.notice(reason, isError: true))
    }
  }

  private func tick() {
    pace.ticked(at: MonotonicClock.now)
    retryFeeds()
    jobs.retry()
    feeds.rest(except: model.selected?.id)
    send(.tick(now: MonotonicClock.now, clock: MonotonicClock.timeOfDay))
  }

  func text(_ id: ExecutionID, _ stream: ExecStream) -> (any TextSource)? { feeds[id]?.text(stream) }

  func send(_ message: Message) {
    for effect in update(&model, message, text: text) { perform(effect) }
  }
}

// MARK: - Leaving

extension Monitor {
  private func finish(_ screen: CursesScreen) -> Int32 {
    leave()
    held?.end()
    for watch in watches { watch.stop() }
    // What is only attached to goes on: its record tells nothing of it from here on.
    send(.leaving)
    server?.stopListening()
    Farewell(session.engine).endAll()
    socket?.stop()
    server?.stop()
    for steering in steerings.values { steering.input.close() }
    takeStarts()
    // The last events may be more than one reading takes; of what could not be ended there may be ever more.
    for _ in 0..<1000 where readFeeds() {}
    print(Summary.text(model, text: text), terminator: "")
    fflush(nil)
    // A server that was asked to end has not failed.
    if case .signal(let signal) = ending { return server != nil && signal.asksToEnd ? 0 : 128 + signal.number }
    // Commands that were not started count as interrupted.
    return requested.compactMap(status).first { $0 != 0 } ?? (model.waitingCount > 0 ? 128 + SIGINT : 0)
  }

  /// The exit status of an execution that the command line named; nil for one that goes on.
  func status(_ id: ExecutionID) -> Int32? {
    if let status = forgotten[id] { return status }
    let row = model.row(id)
    if row?.isLeft == true { return nil }
    if row?.state == .interrupted { return ExecutionWait.interrupted }
    let conclusion = row?.conclusion ?? (try? session.engine.snapshot(id).conclusion)
    return conclusion?.shellCode
  }
}

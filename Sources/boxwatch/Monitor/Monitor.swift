import BoxLiteServer
import BoxwatchUI
import Cells
import Console
import ContainerBoxes
import CursesTerminal
import ExecEngine
import ExecModel
import Glibc
import Instances
import Jobs
import Journal
import Linux
import RaceLive
import SystemPackage
import Widgets

/// The monitor's main loop: turns keys, events, signals and timer ticks into messages for the
/// model, and draws frames.
///
/// A frame is drawn when something changed, at most sixty times a second. Everything runs on the
/// main thread.
@MainActor
final class Monitor {
  let session: Session
  private let signals: SignalQueue
  let mailbox: MonitorMailbox
  private let errors = StandardErrorCapture()
  private let themes = ThemeStore()
  var screen: CursesScreen?
  var screens: Screens
  var feeds = FeedTable()
  /// Controls each execution that has a row; none for an attached one that is over or cannot be reached.
  var controls: [ExecutionID: any ExecutionControl] = [:]
  let remoteListing: RemoteListing
  let usage: UsageMeter
  private var socket: InstanceSocket?
  /// Whether poll(2) reported terminal input, and how many reads in a row returned nothing.
  private var (hasInput, emptyReads) = (false, 0)
  var server: RESTServer?
  var requested: [ExecutionID] = []
  /// The commands of the requested list.
  var jobs = MonitorJobs()
  /// Nonzero exit statuses of requested executions that were forgotten.
  var forgotten: [ExecutionID: Int32] = [:]
  var pace = FramePace()
  var ending: Ending?
  var held: HeldExecution?
  /// Watches for execs of other clients in containers.
  var watches: [ExecWatch] = []

  /// Why the loop ends.
  enum Ending {
    case quit
    case signal(Signal)
  }

  init(_ session: Session) throws {
    self.session = session
    signals = try SignalQueue(and: [SIGTSTP, SIGCONT, SIGWINCH])
    mailbox = try MonitorMailbox()
    remoteListing = RemoteListing(session.boxes.remote)
    let (boxes, mailbox) = (session.boxes, mailbox)
    usage = UsageMeter(session.engine, box: { try? boxes.box(named: $0) }, report: { mailbox.post($0) })
    screens = Screens(Model(Display(height: 24, width: 80)))
    // A message, not an event: an event that cannot be recorded never reaches a reader.
    session.engine.watchRecords { id, health in
      if case .stalled(let number, _) = health { return mailbox.post(.recordStalled(id, number)) }
      mailbox.post(.recordStalled(id, nil))
    }
    // Shown on the screen while it is up, otherwise written to standard error.
    EngineWarnings.listen { warning in
      mailbox.complain(warning)
      Diagnostics.print(warning)
    }
  }

  /// Shows the plan on the screen until the user quits, and returns the exit status.
  ///
  /// - Throws: ``/Console/Failure`` when nothing could be shown or started.
  func run(_ plan: MonitorPlan) throws -> Int32 {
    for request in plan.requests { try session.launcher.check(request) }
    let screen = try openScreen()
    defer { leave() }
    prepareModel(screen)
    session.launcher.keepPruning()
    watch(plan.server)
    if let lab = plan.lab { openLab(lab) }
    try begin(plan)
    for request in plan.attaching { attach(request, allowsInput: plan.allowsInput) }
    if plan.isPicking { for effect in screens.change({ $0.openPicker() }) { perform(effect) } }
    while ending == nil { turn(screen) }
    return finish(screen)
  }

  private func begin(_ plan: MonitorPlan) throws {
    do {
      jobs = MonitorJobs(plan.requests, limit: plan.jobs)
      try startJobs()
    } catch {
      // Executions started before the failure must not outlive this process.
      leave()
      Farewell(session.engine).endAll()
      throw error
    }
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

  /// A choice on the command line overrides NO_COLOR (no-color.org).
  private var depth: ColorDepth? {
    switch session.screen.color {
    case .always: nil
    case .never: .mono
    case .auto: Environment["NO_COLOR"] == nil ? nil : .mono
    }
  }

  private func prepareModel(_ screen: CursesScreen) {
    let size = screen.size
    var display = Display(
      height: size.height, width: size.width, depth: screen.colorDepth, isUTF8: screen.isUTF8)
    let name = session.screen.theme ?? session.configuration.theme ?? ThemeStore.standard
    let boxes = session.boxes.choices(first: session.configuration.box)
    do {
      display.theme = try themes.theme(named: name)
      screens = Screens(Model(display, boxes: boxes))
    } catch {
      if let fallback = try? themes.theme(named: ThemeStore.standard) { display.theme = fallback }
      screens = Screens(Model(display, boxes: boxes))
      send(.notice("\(error)", isError: true))
      Diagnostics.print("\(error)")
    }
    tick()
  }

  /// Restores the terminal, whatever ended the loop.
  private func leave() {
    // The process group that has the terminal now may have set TOSTOP; our last write would then
    // stop this process.
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
    for event in mailbox.take() { take(event) }
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
    guard screens.needsDisplay, pace.mayDraw(now) else { return }
    screens.needsDisplay = false
    screen.show(screens.grid(text: text))
    pace.drew(at: MonotonicClock.now)
    // After the first frame, so that the first frame is not delayed.
    if socket == nil { openSocket() }
  }

  private func openSocket() {
    let mailbox = mailbox
    socket = InstanceSocket.start(
      server == nil ? .monitor : .serve, session.engine, beside: server, in: InstanceDirectory()
    ) {
      mailbox.complain($0)
    }
  }

  /// Reads the themes when the theme menu is opened: parsing all of them takes longer than starting
  /// and drawing.
  private func prepare(for key: Key) {
    guard screens.lab == nil, model.dialog == nil, model.themes.isEmpty,
      model.keymap.main.command(for: key) == .themes
    else { return }
    screens.change { $0.themes = themes.readable() }
  }

  private func wait() {
    let isSuspended = screen?.isSuspended == true
    var entries = [
      // While another process group has the terminal, its keys are not ours to read.
      pollfd(fd: isSuspended ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    let timeout = pace.timeout(now: MonotonicClock.now, needsDisplay: screens.needsDisplay)
    hasInput = false
    guard poll(&entries, 3, timeout) > 0 else { return }
    hasInput = entries[0].revents & Int16(POLLIN) != 0
    // A terminal that has hung up stays readable: poll(2) would return at once every time.
    if entries[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { ending = .signal(.hangUp) }
  }

  /// Treats a terminal that is readable but returns nothing as hung up; otherwise the loop would
  /// spin.
  ///
  /// read(2) fails with EIO in a background process group whose session leader is gone. A few empty
  /// reads are normal: the parts of one multi-byte character.
  private func endWithoutInput(_ screen: CursesScreen) {
    emptyReads = hasInput && !screen.isSuspended && !screen.hasReadInput ? emptyReads + 1 : 0
    if emptyReads > 100 { ending = .signal(.hangUp) }
  }

  private func handle(_ signal: Signal, _ screen: CursesScreen) {
    switch signal.number {
    case SIGWINCH:
      // A size that shrank and grew back between two checks is not a new size, but the terminal has
      // cut its content.
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
    screens.needsDisplay = true
  }

  func suspend(_ screen: CursesScreen) {
    screen.stopProcess()
    comeBack(screen)
  }

  /// Takes the terminal back when it is ours again, at its current size.
  private func comeBack(_ screen: CursesScreen) {
    screen.resume()
    let size = screen.size
    send(.resized(rows: size.height, columns: size.width))
    screens.needsDisplay = true
  }

  /// Passes new events to the model; false when there were none.
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

  /// Retries failed reads.
  ///
  /// The engine still knows the end of such an execution.
  private func retryFeeds() {
    for (id, error) in feeds.retry() {
      pace.hasNews = true
      guard let conclusion = (try? session.engine.snapshot(id))?.conclusion else { continue }
      jobs.ended(id)
      if SystemErrorText.canLift(error.errno.rawValue) { continue }
      // A deleted record does not come back; without this the row would stay running.
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
    send(.tick(now: MonotonicClock.now, clock: WallClock.localTime))
  }

  /// The monitor's model; changed by messages.
  var model: Model { screens.monitor }

  func text(_ id: ExecutionID, _ stream: ExecStream) -> (any TextSource)? { feeds[id]?.text(stream) }

  private func take(_ event: MonitorEvent) {
    switch event {
    case .message(let message): send(message)
    case .clientStarted(let id): showClient(id)
    case .attached(let result): take(result)
    // Read at the pace of frames, so that a flood does not delay keys.
    case .changed(.feeds), .changed(.heldCommand): pace.hasNews = true
    case .changed(.clients): readServer()
    // The turn starts them after the keys.
    case .changed(.jobs): break
    }
  }

  /// Gives an execution a row: reads its record and controls it from now on.
  ///
  /// - Parameters:
  ///   - id: its identifier.
  ///   - cursor: reads its record.
  ///   - message: adds the row.
  ///   - control: controls it; nil when it cannot be controlled.
  func show(_ id: ExecutionID, _ cursor: any EventCursor, _ message: Message, by control: (any ExecutionControl)?) {
    let mailbox = mailbox
    feeds.add(ExecutionFeed(id, cursor) { mailbox.post(.changed(.feeds)) })
    controls[id] = control
    pace.hasNews = true
    send(message)
  }

  /// Controls an execution of this process's engine.
  func engineControl(_ id: ExecutionID) -> EngineControl {
    EngineControl(engine: session.engine, id: id, complain: mailbox.complain)
  }

  func send(_ message: Message) {
    perform(screens.take(message, text: text))
  }
}

// MARK: - Leaving

extension Monitor {
  private func finish(_ screen: CursesScreen) -> Int32 {
    leave()
    held?.end()
    for watch in watches { watch.stop() }
    // Attached executions go on after the monitor leaves; their rows take no more events.
    send(.leaving)
    server?.stopListening()
    Farewell(session.engine).endAll()
    socket?.stop()
    server?.stop()
    for control in controls.values { control.close() }
    // What clients started in the last moment is in the summary too.
    for case .clientStarted(let id) in mailbox.take() { showClient(id) }
    // The last events may need more than one read; an execution that could not be ended may write
    // without end.
    for _ in 0..<1000 where readFeeds() {}
    print(Summary.text(model, text: text), terminator: "")
    fflush(nil)
    // A server that was asked to terminate did not fail.
    if case .signal(let signal) = ending { return server != nil && signal.asksToEnd ? 0 : 128 + signal.number }
    // Commands that were never started count as interrupted.
    return requested.compactMap(status).first { $0 != 0 } ?? (model.waitingCount > 0 ? 128 + SIGINT : 0)
  }

  /// The exit status of an execution named on the command line; nil while it is still running.
  func status(_ id: ExecutionID) -> Int32? {
    if let status = forgotten[id] { return status }
    let row = model.row(id)
    if row?.isLeft == true { return nil }
    if row?.state == .interrupted { return ExecutionWait.interrupted }
    let conclusion = row?.conclusion ?? (try? session.engine.snapshot(id).conclusion)
    return conclusion?.shellCode
  }
}

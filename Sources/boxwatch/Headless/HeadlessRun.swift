import BoxLiteServer
import ExecEngine
import ExecModel
import Glibc
import Synchronization

/// Runs commands without a screen: their output through, our input and signals to them, their status back.
final class HeadlessRun {
  private let session: Session
  private let format: HeadlessFormat
  private let requests: [ExecutionRequest]
  private let signals: SignalQueue
  private let finished: WakeDescriptor
  private var executions: [ExecutionID] = []
  private var feed: InputFeed?
  private var interrupts = 0
  private var isEnding = false
  /// Milliseconds before the private socket is opened: a short command is over by then.
  private static let socketDelay: Int32 = 100

  init(_ session: Session, _ format: HeadlessFormat, _ requests: [ExecutionRequest]) throws {
    self.session = session
    // Several commands share our two streams: whole lines with a tag, or nobody could tell them apart.
    self.format = requests.count > 1 && format == .bytes ? .lines(tag: true, timestamps: false) : format
    self.requests = requests
    signals = try SignalQueue([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT])
    finished = try WakeDescriptor()
  }

  /// Runs everything to its end and returns the exit status: the first that is not 0.
  func run() throws -> Int32 {
    // Every box and file is known to be good before the first command starts.
    for request in requests { try session.check(request) }
    let conclusions = Conclusions()
    let writer = HeadlessWriter(format, isAlone: requests.count == 1, finished)
    do {
      for request in requests { try start(alone(request), conclusions, writer) }
    } catch {
      // What was started before must not outlive us.
      Farewell(session.engine).endAll()
      throw error
    }
    openFeed()
    let socket = InstanceSocket.start(.run, session.engine, after: Self.socketDelay)
    defer { socket.stop() }
    writer.start()
    while !(writer.hasFinished && conclusions.areComplete) {
      turn()
      endAfterFailure(of: writer)
    }
    return try report(conclusions, writer)
  }

  /// Whoever must have every byte is there before the first one.
  private func start(_ request: ExecutionRequest, _ conclusions: Conclusions, _ writer: HeadlessWriter) throws {
    let id = try session.start(request) { id in
      try conclusions.expect(id, from: session.engine, waking: finished)
      try follow(id, name: request.spec.name ?? request.spec.command.joined(separator: " "), writer)
    }
    executions.append(id)
  }

  private func follow(_ id: ExecutionID, name: String, _ writer: HeadlessWriter) throws {
    let engine = session.engine
    let closed = ClosedOutput { signal in try? engine.signal(id, signal) }
    try writer.follow(id, name: name, onClosed: { closed.tell() }) { try engine.attach(id, needsEveryByte: true) }
  }

  /// Several commands cannot share one input: they read end of file unless a file was named.
  private func alone(_ request: ExecutionRequest) -> ExecutionRequest {
    guard requests.count > 1, request.spec.input == .pipe else { return request }
    var request = request
    request.spec.input = .closed
    return request
  }

  private func openFeed() {
    guard requests.count == 1, let id = executions.first, requests[0].spec.input == .pipe else { return }
    feed = InputFeed(EngineInput(engine: session.engine, id: id), finished)
  }

  /// Waits for one thing to happen and handles it.
  private func turn() {
    let input = feed?.pollDescriptor ?? -1
    var entries = [
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: finished.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: input, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&entries, 3, feed?.patience ?? -1) > 0 else { return }
    if entries[1].revents != 0 { finished.clear() }
    while let signal = signals.next() { handle(signal) }
    if entries[2].revents != 0 { feed?.readInput() }
  }

  /// Commands whose output cannot be written any more do not run on for nobody; the failure is told at the end.
  private func endAfterFailure(of writer: HeadlessWriter) {
    guard !isEnding, writer.failure != nil else { return }
    isEnding = true
    for id in executions { try? session.engine.kill(id) }
  }

  private func handle(_ signal: Signal) {
    switch signal.number {
    case SIGTSTP: stop()
    case SIGCONT: break
    case SIGINT:
      interrupts += 1
      forward(signal, killing: interrupts > 1)
    default:
      forward(signal, killing: false)
      release()
    }
  }

  private func forward(_ signal: Signal, killing: Bool) {
    for id in executions {
      if killing { try? session.engine.kill(id) } else { try? session.engine.signal(id, signal) }
    }
  }

  /// Asked to end while nothing but a held stream is left: the signal may not reach who holds it, so it is let go.
  private func release() {
    for id in executions {
      guard let snapshot = try? session.engine.snapshot(id), case .draining = snapshot.state else { continue }
      try? session.engine.forceClose(id)
    }
  }

  /// Ctrl-Z stops the commands and ourselves; they go on when we do.
  ///
  /// The commands get SIGSTOP: each leads a session of its own, and the kernel drops a SIGTSTP there (orphaned process
  /// group, setpgid(2)).
  private func stop() {
    forward(Signal(number: SIGSTOP), killing: false)
    kill(getpid(), SIGSTOP)
    forward(Signal(number: SIGCONT), killing: false)
  }

  private func report(_ conclusions: Conclusions, _ writer: HeadlessWriter) throws -> Int32 {
    for id in executions { complain(try session.engine.snapshot(id)) }
    if let failure = writer.failure { throw Failure(failure) }
    return executions.compactMap { conclusions[$0]?.outcome.status.shellCode }.first { $0 != 0 } ?? 0
  }

  private func complain(_ snapshot: ExecutionSnapshot) {
    guard let conclusion = snapshot.conclusion else { return }
    if let error = snapshot.startError { Diagnostics.print(error) }
    if let line = conclusion.complaint { Diagnostics.print(line) }
  }
}

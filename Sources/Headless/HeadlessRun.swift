import BoxLiteServer
import Console
import ExecEngine
import ExecModel
import Glibc
package import Instances
package import Jobs
import Journal
import Linux
import Synchronization

/// Runs commands without a screen: passes their output through, forwards input and signals to them,
/// and returns their exit status.
///
/// Of a long list a bounded number runs at the same time. The next command starts when one is over
/// and its output is written, so that recorded but unread output stays bounded too.
package final class HeadlessRun {
  private let launcher: Launcher
  private let instances: InstanceDirectory
  private let format: HeadlessFormat
  private let requests: [ExecutionRequest]
  private let signals: SignalQueue
  private let finished: WakeDescriptor
  private let endReports: Mailbox<JobList.EndReport>
  private let records: RecordReport
  private var jobs: JobList
  /// Protects unwritten output from pruning by any process.
  private var holds: [Int: JournalHold] = [:]
  /// What became of output that had no reader, by the command's place.
  private var closed: [Int: ClosedOutput] = [:]
  private var feed: InputFeed?
  private var interrupts = InterruptCount()
  private var isOutOfTime = false
  /// Whether a command ran, so that output may be missing.
  private var hasRun = false
  /// Whether no more commands are started.
  private var isEnding = false
  private var hasFailed = false
  /// The error of a command that can never be started; thrown after the output of the others is
  /// written.
  private var startFailure: (any Error)?
  /// Whether it was reported that the next command waits for resources.
  private var hasReportedHold = false
  /// Milliseconds before the private socket is opened: a short command is over by then.
  private static let socketDelay: Int32 = 100
  /// Milliseconds before a held start is retried when no other command is running.
  private static let retryDelay: Int32 = 100

  /// - Parameters:
  ///   - limit: the maximum number of commands that run at the same time.
  ///   - instances: where the private socket is opened.
  package init(
    _ launcher: Launcher, _ format: HeadlessFormat, _ requests: [ExecutionRequest], jobs limit: Int,
    _ instances: InstanceDirectory
  ) throws {
    self.launcher = launcher
    self.instances = instances
    // Several commands share our two streams: writes whole lines with a tag, or the commands could
    // not be distinguished.
    self.format = requests.count > 1 && format == .bytes ? .lines(tag: true, timestamps: false) : format
    self.requests = requests
    signals = try SignalQueue(and: [SIGTSTP, SIGCONT])
    finished = try WakeDescriptor.make()
    endReports = Mailbox(finished)
    records = RecordReport(launcher.engine, hasSeveral: requests.count > 1, waking: finished)
    jobs = JobList(requests, limit: limit)
  }

  /// Runs everything to the end and returns the exit status: the first that is not 0.
  package func run() throws -> Int32 {
    // Checks every box and file before the first command starts.
    for request in requests { try launcher.check(request) }
    let writer = try HeadlessWriter(format, isAlone: requests.count == 1, finished)
    writer.start()
    // The delay starts when a command is running: a short command is over by then.
    var socket: InstanceSocket?
    if requests.count > 1 { launcher.keepPruning() }
    // A short run prunes at its end, after its output is written.
    defer { launcher.pruner.finish() }
    defer { socket?.stop() }
    while !(jobs.isOver && writer.hasFinished) {
      try startNext(writer)
      handleEndReports()
      // Not when the executions are over or about to be ended: there is nothing to control.
      if socket == nil, writer.failure == nil, isRunning {
        socket = InstanceSocket.start(.run, launcher.engine, after: Self.socketDelay, in: instances)
      }
      turn()
      records.printNew()
      handleEndReports()
      endAfterFailure(of: writer)
    }
    records.printNew()
    return try report(writer)
  }

  private var isRunning: Bool {
    jobs.runningIDs.contains { (try? launcher.engine.snapshot($0))?.conclusion == nil }
  }

  /// Starts at most one command, so that signals are handled between two commands of a long list.
  private func startNext(_ writer: HeadlessWriter) throws {
    guard jobs.mayStart, !isEnding, let next = jobs.takeNext() else { return }
    do {
      try start(next.place, alone(next.request), writer)
    } catch  where hold(next, error) {
      return
    } catch {
      return try giveUp(error)
    }
    hasReportedHold = false
    if requests.count == 1 { openFeed() }
  }

  /// Holds a start that failed for lack of a resource that another execution or program may free.
  ///
  /// A failure of the first start is final: the limits were never high enough.
  private func hold(_ next: (place: Int, request: ExecutionRequest), _ error: any Error) -> Bool {
    let waitsAlone = jobs.hasStarted && next.request.spec.onRecordFailure == .wait
    guard Failure.isShortage(error), jobs.hold(next, evenAlone: waitsAlone) else { return false }
    guard jobs.isHeldAlone, !hasReportedHold else { return true }
    hasReportedHold = true
    Diagnostics.print("\(error); \(jobs.waitingCount) of \(requests.count) commands wait until that changes")
    return true
  }

  /// Ends the started commands, which must not outlive this process, and writes their remaining
  /// output before throwing `error`.
  ///
  /// - Throws: `error` at once when a command could not be ended, because waiting for its output
  ///   would not end.
  private func giveUp(_ error: any Error) throws {
    cancelWaiting(status: RecordLoss.shellCode)
    guard Farewell(launcher.engine).endAll() else { throw error }
    startFailure = error
    // When nothing was started, no event would end the loop's poll.
    finished.wake()
  }

  /// Starts a command; subscribers that must have every byte are registered before the first byte.
  private func start(_ place: Int, _ request: ExecutionRequest, _ writer: HeadlessWriter) throws {
    let (engine, endReports) = (launcher.engine, endReports)
    let id = try launcher.start(request) { id in
      holds[place] = try engine.hold(id)
      try engine.wait(id) { endReports.post(.concluded(place, $0)) }
      let name = request.spec.name ?? request.spec.command.joined(separator: " ")
      let closed = ClosedOutput(id, of: engine, grace: request.spec.killGrace)
      self.closed[place] = closed
      try writer.follow(
        id, name: name, onClosed: { closed.outputArrived() }, onWritten: { endReports.post(.written(place)) }
      ) { try engine.attach(id, needsEveryByte: true) }
    }
    jobs.started(place, id, request)
  }

  /// Detaches a command from our standard input: several commands cannot share it, and read end of
  /// file unless a file was named.
  private func alone(_ request: ExecutionRequest) -> ExecutionRequest {
    guard requests.count > 1, request.spec.input == .pipe else { return request }
    var request = request
    request.spec.input = .closed
    return request
  }

  private func openFeed() {
    guard let id = jobs.runningIDs.first, requests[0].spec.input == .pipe else { return }
    feed = InputFeed(EngineInput(engine: launcher.engine, id: id), finished)
  }

  /// Waits for one event and handles it.
  private func turn() {
    let input = feed?.pollDescriptor ?? -1
    var entries = [
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: finished.raw, events: Int16(POLLIN), revents: 0),
      pollfd(fd: input, events: Int16(POLLIN), revents: 0),
    ]
    let isHeldAlone = jobs.isHeldAlone
    let patience = jobs.mayStart && !isEnding ? 0 : isHeldAlone ? Self.retryDelay : feed?.patience ?? -1
    let count = poll(&entries, 3, patience)
    if count == 0, isHeldAlone { jobs.retry() }
    guard count > 0 else { return }
    if entries[1].revents != 0 { finished.clear() }
    while let signal = signals.next() { handle(signal) }
    if entries[2].revents != 0 { feed?.readInput() }
  }

  /// Processes ends; keeps of a finished command only what the final report needs.
  private func handleEndReports() {
    for report in endReports.take() {
      guard let (job, conclusion) = jobs.take(report) else { continue }
      holds[report.place] = nil
      let isPutBack = Self.isShortage(conclusion) && !isEnding && jobs.hold((report.place, job.request))
      if isPutBack {
        try? launcher.engine.remove(job.id)
      } else {
        finish(report.place, job.id, conclusion)
      }
    }
  }

  private func finish(_ place: Int, _ id: ExecutionID, _ conclusion: Conclusion) {
    let startError = (try? launcher.engine.snapshot(id))?.startError
    if startError == nil { hasRun = true }
    jobs.finish(
      place, status: status(place, conclusion),
      complaints: [startError].compactMap { $0 } + conclusion.complaints(isLossReported: true) + conclusion.statusWords)
    if requests.count > 1 { try? launcher.engine.forget(id) }
  }

  /// The command's status, or 128+SIGPIPE if it exited by itself but its last output found no reader: a run that lost output
  /// does not end with the status of a complete one.
  private func status(_ place: Int, _ conclusion: Conclusion) -> Int32 {
    guard closed.removeValue(forKey: place)?.hasLostOutput == true, case .exited = conclusion.outcome.status else {
      return conclusion.shellCode
    }
    return 128 + SIGPIPE
  }

  /// Whether it was not started for lack of a resource that the end of another command may free.
  private static func isShortage(_ conclusion: Conclusion) -> Bool {
    guard case .startFailed(.system(let number)) = conclusion.outcome.status else { return false }
    return SystemErrorText.canLift(number)
  }

  /// Ends commands whose output can no longer be written; the failure is reported at the end.
  private func endAfterFailure(of writer: HeadlessWriter) {
    guard !hasFailed, let failure = writer.failure else { return }
    hasFailed = true
    cancelWaiting(status: 125)
    let reason = failure.outputError.map(StreamCut.unwritable) ?? .forced
    for id in jobs.runningIDs { try? launcher.engine.kill(id, because: reason) }
  }

  /// Cancels the waiting commands after a termination signal or a failure.
  private func cancelWaiting(status: Int32) {
    isEnding = true
    guard jobs.waitingCount > 0 else { return }
    Diagnostics.print("\(jobs.waitingCount) of \(requests.count) commands were not started")
    jobs.cancelWaiting(status: status)
  }

  private func handle(_ signal: Signal) {
    switch signal.number {
    case SIGTSTP: stop()
    case SIGCONT: break
    case SIGINT: interrupt()
    case SIGXCPU: runOutOfTime()
    default:
      if signal.asksToEnd { cancelWaiting(status: 128 + signal.number) }
      forward(signal)
      if signal.asksToEnd { release() }
    }
  }

  private func interrupt() {
    cancelWaiting(status: 128 + SIGINT)
    guard interrupts.isThirdInARow(at: MonotonicClock.now) else { return forward(.interrupt) }
    Diagnostics.print("interrupted three times within two seconds: killed")
    kill()
  }

  /// Terminates the commands when the processor time limit is reached, which is this process's own
  /// (RLIMIT_CPU).
  ///
  /// The kernel sends SIGXCPU every second, and SIGKILL at the hard limit.
  private func runOutOfTime() {
    if isOutOfTime { return kill() }
    isOutOfTime = true
    Diagnostics.print("boxwatch's own limit of processor time is reached: ending")
    cancelWaiting(status: 128 + SIGXCPU)
    forward(.terminate)
    release()
  }

  private func forward(_ signal: Signal) {
    for id in jobs.runningIDs { try? launcher.engine.signal(id, signal) }
  }

  private func kill() {
    for id in jobs.runningIDs { try? launcher.engine.kill(id) }
  }

  /// Releases held streams when termination is requested and nothing else is left: the signal may
  /// not reach their holders.
  private func release() {
    for id in jobs.runningIDs {
      guard let snapshot = try? launcher.engine.snapshot(id), case .draining = snapshot.standing else { continue }
      try? launcher.engine.forceClose(id)
    }
  }

  /// Stops the commands and this process on Ctrl-Z, and continues them with it.
  ///
  /// The commands get SIGSTOP: each leads its own session, where the kernel discards a SIGTSTP
  /// (orphaned process group, setpgid(2)).
  private func stop() {
    forward(Signal(number: SIGSTOP))
    Glibc.kill(getpid(), SIGSTOP)
    forward(Signal(number: SIGCONT))
  }

  private func report(_ writer: HeadlessWriter) throws -> Int32 {
    for line in jobs.allComplaints { Diagnostics.print(line) }
    if let startFailure { throw startFailure }
    // A command that did not start has written nothing that could be lost.
    if hasRun, let failure = writer.failure { throw failure }
    return jobs.status
  }
}

/// Counts Ctrl-C: each is forwarded to the command, until the third in a row kills it.
struct InterruptCount {
  private static let span: UInt64 = 2_000_000_000
  private var times: [UInt64] = []

  /// Counts one Ctrl-C at a time in nanoseconds; true when it is the third within two seconds.
  mutating func isThirdInARow(at now: UInt64) -> Bool {
    times = times.suffix(2).filter { now &- $0 < Self.span } + [now]
    return times.count > 2
  }
}

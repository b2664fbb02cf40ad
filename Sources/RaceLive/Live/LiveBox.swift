import ExecEngine
import ExecModel
import Synchronization

/// The local box with an observer between its pumps and the engine, which knows what was really written and can delay
/// the reports to the engine.
struct LiveBox: Box {
  let box: any Box
  let execution: LiveExecution

  var name: String { box.name }
  var capabilities: BoxCapabilities { box.capabilities }

  func start(_ spec: ExecutionSpec, reportingTo sink: any ExecutionSink) throws(BoxError) -> any BoxProcess {
    let process = try box.start(spec, reportingTo: LiveTap(execution, sink))
    execution.keep(process)
    return LiveProcess(process: process)
  }
}

/// The process as the engine controls it: an end that comes too early must not close the streams, because what the
/// command writes after it is what was lost.
private struct LiveProcess: BoxProcess {
  let process: any BoxProcess

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) {
    process.write(bytes, completion: completion)
  }
  func closeInput() { process.closeInput() }
  func signal(_ signal: Signal) throws(SignalError) { try process.signal(signal) }
  func resize(_ size: TerminalSize) { process.resize(size) }
  func emptyStreams(_ streams: StreamSet) { process.emptyStreams(streams) }
  func resumeReading(_ stream: ExecStream) { process.resumeReading(stream) }
  func holders(of streams: StreamSet) -> [PipeHolder] { process.holders(of: streams) }
  /// The race releases it (``LiveExecution/finish()``).
  func release() {}
}

/// Notes every report of the box, and passes it on to the engine: output and ends of stream after the delay, in the
/// order of their stream; the exit at once.
private final class LiveTap: ExecutionSink {
  /// A report that can be delayed.
  private enum Report {
    case output([UInt8], chunk: Int)
    case endOfStream
    case emptied
  }

  /// The reports of one stream that are under way.
  private struct Hop {
    var reports: [Report] = []
    var bytes = 0
    /// When the last of them arrives.
    var due: UInt64 = 0
    /// Whether the pump waits because too much is under way.
    var isFull = false
  }

  /// Bytes of a stream that may be under way; a pump that has more waits, as on a real connection.
  private static let most = 16 << 20

  private let execution: LiveExecution
  private let sink: any ExecutionSink
  private let timers = TimerThread.shared
  private let stdout = Mutex(Hop())
  private let stderr = Mutex(Hop())

  init(_ execution: LiveExecution, _ sink: any ExecutionSink) {
    self.execution = execution
    self.sink = sink
  }

  func started(processIdentifier: Int32?) { sink.started(processIdentifier: processIdentifier) }

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    let count = bytes.byteCount
    guard let delay = execution.drawDelay() else {
      let chunk = execution.note(stream, count: count)
      deliver(stream, chunk, bytes)
      return count
    }
    guard withHop(stream, { hop in Self.admits(count, &hop) }) else { return 0 }
    let chunk = execution.note(stream, count: count)
    execution.expect()
    send(.output(bytes.withUnsafeBytes { Array($0) }, chunk: chunk), of: stream, after: delay)
    return count
  }

  func endOfStream(_ stream: ExecStream) {
    execution.noteEnd(of: stream, isCut: false)
    pass(.endOfStream, of: stream)
  }

  func emptied(_ stream: ExecStream) {
    execution.noteEnd(of: stream, isCut: true)
    pass(.emptied, of: stream)
  }

  func failed(_ stream: ExecStream, errno: Int32) {
    execution.fail("\(stream.name) of a command could not be read: \(SystemErrorText.words(errno))")
    sink.failed(stream, errno: errno)
  }

  func exited(_ status: ExitStatus) {
    execution.note(status)
    sink.exited(status)
    execution.arrive()
  }

  /// A command on this host has none.
  func gap(_ stream: ExecStream, _ gap: OutputGap) {}

  func connectionLost() {
    execution.fail("a command could not be watched to its end")
    sink.connectionLost()
  }
}

// MARK: - The delay

extension LiveTap {
  private func pass(_ report: Report, of stream: ExecStream) {
    guard let delay = execution.drawDelay() else { return deliver(report, of: stream) }
    send(report, of: stream, after: delay)
  }

  private static func admits(_ count: Int, _ hop: inout Hop) -> Bool {
    hop.isFull = hop.bytes > 0 && hop.bytes + count > most
    if !hop.isFull { hop.bytes += count }
    return !hop.isFull
  }

  private func send(_ report: Report, of stream: ExecStream, after delay: UInt64) {
    let now = timers.now()
    let due = withHop(stream) { hop in
      hop.reports.append(report)
      hop.due = max(hop.due, now &+ delay)
      return hop.due
    }
    timers.schedule(after: .nanoseconds(due - now)) { [self] in arrive(stream) }
  }

  /// Delivers the oldest report of a stream, whichever timer fired: two timers due at once must not swap reports.
  ///
  /// The timers' thread runs one closure at a time.
  private func arrive(_ stream: ExecStream) {
    let (report, resumes) = withHop(stream) { hop -> (Report?, Bool) in
      guard !hop.reports.isEmpty else { return (nil, false) }
      defer { hop.isFull = false }
      let report = hop.reports.removeFirst()
      if case .output(let bytes, _) = report { hop.bytes -= bytes.count }
      return (report, hop.isFull)
    }
    guard let report else { return }
    deliver(report, of: stream)
    if resumes { execution.resume(stream) }
  }

  private func deliver(_ report: Report, of stream: ExecStream) {
    switch report {
    case .output(let bytes, let chunk): deliver(stream, chunk, bytes.span.bytes)
    case .endOfStream: sink.endOfStream(stream)
    case .emptied: sink.emptied(stream)
    }
    execution.arrive()
  }

  private func deliver(_ stream: ExecStream, _ chunk: Int, _ bytes: borrowing RawSpan) {
    if sink.output(stream, bytes) < bytes.byteCount { execution.fail("cannot record the output of a command") }
    execution.noteDelivered(stream, chunk)
  }

  private func withHop<Result>(_ stream: ExecStream, _ body: (inout sending Hop) -> sending Result) -> sending Result {
    switch stream {
    case .stdout: stdout.withLock(body)
    case .stderr: stderr.withLock(body)
    }
  }
}

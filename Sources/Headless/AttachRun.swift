import Console
import ExecModel
import Glibc
import Instances
import JSON
import Journal
import Linux

/// Attaches to an execution without a screen: passes its output from the first byte, our input, and
/// its exit status through.
package final class AttachRun {
  private let source: AttachSource
  private let format: HeadlessFormat
  private let signals: SignalQueue
  private let finished: WakeDescriptor
  private let writer: HeadlessWriter
  private var feed: InputFeed?

  /// - Parameters:
  ///   - format: how output is written.
  ///   - makeSource: finds the execution to attach to; it may make the writer follow more
  ///     executions.
  package init(_ format: HeadlessFormat, _ makeSource: (HeadlessWriter) throws -> AttachSource) throws {
    self.format = format
    signals = try SignalQueue()
    signal(SIGPIPE, SIG_IGN)
    finished = try WakeDescriptor.make()
    writer = try HeadlessWriter(format, isAlone: true, losses: .reported, finished)
    source = try makeSource(writer)
  }

  /// Returns the command's exit status; 125 when the execution has no end, 128+N when a signal
  /// ended the attach, 141 when our output has no reader.
  package func run() throws -> Int32 {
    defer {
      for others in source.others { others.stop() }
      source.detach()
    }
    let writer = writer
    let onClosed: @Sendable () -> Void = { writer.stopUnread() }
    try writer.follow(source.id, name: source.title, onClosed: onClosed, source.makeCursor)
    feed = source.input.map { InputFeed(ReportingInput($0), finished) }
    if let note = source.note { Diagnostics.print(note) }
    writer.start()
    for others in source.others { try others.start() }
    while !writer.hasFinished {
      if let signal = turn() { return detach(signal) }
    }
    if let failure = writer.failure { throw failure }
    if writer.isUnread { return 128 + SIGPIPE }
    return try status()
  }

  /// Waits for one event; returns a signal that ends the attach.
  private func turn() -> Signal? {
    var entries = [
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: finished.raw, events: Int16(POLLIN), revents: 0),
      pollfd(fd: feed?.pollDescriptor ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&entries, 3, feed?.patience ?? -1) > 0 else { return nil }
    if entries[1].revents != 0 { finished.clear() }
    if let signal = signals.next() { return signal }
    if entries[2].revents != 0 { feed?.readInput() }
    return nil
  }

  private func detach(_ signal: Signal) -> Int32 {
    Diagnostics.print("detached; \(source.place) is still running")
    return 128 + signal.number
  }

  private func status() throws -> Int32 {
    switch try source.journal.liveness() {
    case .finished(let conclusion):
      if case .startFailed(let failure) = conclusion.outcome.status {
        Diagnostics.print("it could not start: \(failure.words)")
      }
      let complaints = source.note == nil ? conclusion.complaints : []
      for line in complaints + conclusion.statusWords { Diagnostics.print(line) }
      return conclusion.shellCode
    case .running, .interrupted:
      if format == .json { try TextOutput().write(JSONLine.interruption(of: source.id)) }
      Diagnostics.print(source.journal.interruption)
      return ExecutionWait.interrupted
    }
  }

  /// An input that reports a refusal once.
  private final class ReportingInput: CommandInput {
    private let input: any CommandInput

    init(_ input: any CommandInput) { self.input = input }

    func write(_ bytes: [UInt8], completion: @escaping @Sendable (String?) -> Void) {
      input.write(bytes) { refusal in
        if let refusal { Diagnostics.print("the input was not taken: \(refusal)") }
        completion(refusal)
      }
    }

    func closeInput() { input.closeInput() }
  }
}

extension JSONLine {
  /// The last JSON line of a record without an end.
  static func interruption(of id: ExecutionID) -> JSONLine {
    var line = JSONLine()
    line.add("event", "interrupted")
    line.add("id", id.description)
    return line
  }
}

import Console
package import ExecModel
import Glibc
package import Instances
import JSON
import Journal
import Linux

/// Writes the recorded output of an execution of any boxwatch, or follows it to its end.
package final class LogsRun {
  private let execution: ListedExecution
  private let follows: Bool
  private let finished: WakeDescriptor
  private let writer: HeadlessWriter
  private let format: HeadlessFormat

  /// Prepares to write these streams of a record; `follows` waits for its end.
  package init(_ execution: ListedExecution, _ format: HeadlessFormat, _ streams: StreamSet, follows: Bool) throws {
    self.execution = execution
    self.follows = follows
    self.format = format
    finished = try WakeDescriptor.make()
    writer = try HeadlessWriter(format, isAlone: true, streams: streams, losses: .reported, finished)
  }

  /// Returns the exit status: 0; 125 for a record without an end; 141 when our output has no
  /// reader, as with SIGPIPE.
  package func run() throws -> Int32 {
    if let loss = execution.recordLoss, execution.isUnrecorded {
      Diagnostics.print("\(execution.id): its record is lost (\(loss.reason)); boxwatch attach shows new output")
    }
    let journal = try JournalReader(opening: execution.directory)
    let writer = writer
    let onClosed: @Sendable () -> Void = { writer.stopUnread() }
    try writer.follow(execution.id, name: execution.title, waits: follows, onClosed: onClosed) { JournalTail(journal) }
    writer.start()
    while !writer.hasFinished { finished.wait() }
    if let failure = writer.failure { throw failure }
    if writer.isUnread { return 128 + SIGPIPE }
    return try status(journal)
  }

  private func status(_ journal: JournalReader) throws -> Int32 {
    switch try journal.liveness() {
    case .running:
      if let loss = journal.recordLoss { Diagnostics.print(loss.words) }
      return 0
    case .finished(let conclusion):
      for line in conclusion.complaints { Diagnostics.print(line) }
      return 0
    case .interrupted:
      if format == .json { try TextOutput().write(JSONLine.interruption(of: execution.id)) }
      Diagnostics.print(journal.interruption)
      if let loss = journal.recordLoss { Diagnostics.print(loss.words) }
      return ExecutionWait.interrupted
    }
  }
}

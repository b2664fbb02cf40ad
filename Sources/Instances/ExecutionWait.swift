import BoxLiteClient
import Console
import ExecEngine
import ExecModel
import Journal
import Linux

/// Waits until an execution of any boxwatch is over.
package struct ExecutionWait {
  /// The exit status for an execution without an end, as for any failure of boxwatch itself.
  package static let interrupted: Int32 = 125

  private let execution: ListedExecution

  /// Waits for one execution.
  package init(_ execution: ListedExecution) { self.execution = execution }

  /// The command's exit status as a shell would report it; `interrupted` (125), with a message, for an
  /// execution without an end.
  ///
  /// - Throws: ``/Console/Failure`` or `JournalError` when the journal cannot be read.
  package func status() throws -> Int32 {
    if execution.isUnrecorded { return try statusOfUnrecorded() }
    let journal = try JournalReader(opening: execution.directory)
    // Before the state is read, so that an end recorded in between is not missed.
    let tail = JournalTail(journal, from: journal.recordCount())
    defer { tail.cancel() }
    if case .running = try journal.liveness() { try sleep(tail) }
    switch try journal.liveness() {
    case .finished(let conclusion): return Self.report(conclusion)
    case .running, .interrupted:
      Diagnostics.print(journal.interruption)
      return Self.interrupted
    }
  }

  /// Attaches as a client, since the end is not recorded.
  private func statusOfUnrecorded() throws -> Int32 {
    let end = AttachedEnd()
    let attachment = try execution.attachment(allowsInput: false)
    do throws(BoxError) {
      let process = try attachment.start(try attachment.spec(), reportingTo: end)
      defer { process.release() }
      let outcome = Outcome(status: try end.wait())
      return Self.report(Conclusion(outcome: outcome, recordLoss: execution.recordLoss))
    } catch { throw Failure(error.description) }
  }

  /// Prints why the exit status is not the command's, if it is not.
  private static func report(_ conclusion: Conclusion) -> Int32 {
    switch conclusion.outcome.status {
    case .lost: Diagnostics.print("the connection to its box was lost before it ended")
    case .detached, .unknown: for line in conclusion.complaints { Diagnostics.print(line) }
    case .exited, .signalled, .timedOut, .forceClosed, .startFailed: break
    }
    for line in conclusion.statusWords { Diagnostics.print(line) }
    return conclusion.shellCode
  }

  private func sleep(_ tail: JournalTail) throws {
    let wake = try WakeDescriptor.make()
    while true {
      let events = try tail.poll()
      if events.contains(where: \.isTerminal) { return }
      guard events.isEmpty else { continue }
      if tail.hasEnded { return }
      if tail.arm({ wake.wake() }) { wake.wait() }
    }
  }
}

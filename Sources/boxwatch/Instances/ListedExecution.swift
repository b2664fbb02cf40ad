import ExecModel
import Journal
import SystemPackage

/// An execution as a list shows it: what a journal on this machine tells, and who writes it.
struct ListedExecution: Hashable, Sendable {
  /// Which execution, where it runs, since when, and which process writes its journal.
  var identity: JournalIdentity
  /// What was to be run.
  var spec: ExecutionSpec
  /// Where it stands.
  var state: ListedState
  /// Nanoseconds from its creation to its end, or to the last sign of life of one that was interrupted; nil while it lives.
  var duration: UInt64?
  /// Bytes that its streams brought.
  var bytes: StreamCounts
  /// The journal's folder.
  var directory: FilePath
  /// The boxwatch that runs it, when it lives and answers.
  var owner: Instance?

  var id: ExecutionID { identity.id }

  /// The name, or else the command.
  var title: String { spec.name ?? spec.command.joined(separator: " ") }

  /// The box as people know it: that of the client that asked for it, or else its own.
  var boxTitle: String { spec.clientBox?.title ?? identity.box }

  /// Who has it, in a few words.
  var whereabouts: String {
    guard state.isLive else { return "journal" }
    return owner?.words ?? "pid \(identity.watcher)"
  }
}

extension ListedExecution {
  /// Reads a journal.
  ///
  /// - Throws: `JournalError` for a folder that holds none.
  init(_ journal: JournalReader) throws {
    let state = try journal.liveness()
    // After the look at the state: what was written until then is in it.
    let summary = try JournalSummary(journal)
    identity = journal.identity
    spec = journal.spec
    directory = journal.directory
    bytes = summary.bytes
    switch state {
    case .running:
      self.state = Self.live(summary)
      duration = nil
    case .finished(let conclusion):
      self.state = .done(conclusion)
      duration = summary.end ?? summary.lastTime
    case .interrupted:
      self.state = .interrupted
      duration = summary.lastTime
    }
  }

  private static func live(_ summary: JournalSummary) -> ListedState {
    guard let status = summary.exited else { return summary.hasBegun ? .running : .starting }
    return summary.isEmptying ? .emptying(status) : .draining(status)
  }
}

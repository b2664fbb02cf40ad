package import BoxLiteClient
import BoxLiteServer
import BoxLiteWire
import Console
package import ExecModel
import Glibc
package import Journal
package import SystemPackage

extension Standing {
  /// A short description: how it ended, with `!` where output is missing and `?` where it may be.
  package var words: String {
    guard case .done(let conclusion) = self else { return word }
    return conclusion.outcome.status.words + Self.mark(conclusion)
  }

  /// The width of the longest ``shortWords``: that of `interrupted !`.
  static let widest = 13

  /// ``words`` in at most ``widest`` columns, for a table.
  var shortWords: String {
    guard case .done(let conclusion) = self else { return word }
    return Self.short(conclusion.outcome.status) + Self.mark(conclusion)
  }

  private static func mark(_ conclusion: Conclusion) -> String {
    let isCut = !conclusion.outcome.isComplete || conclusion.recordLoss != nil
    return isCut ? " !" : conclusion.unproven.isEmpty ? "" : " ?"
  }

  /// At most 11 columns, so that a mark fits.
  private static func short(_ status: ExitStatus) -> String {
    switch status {
    case .exited, .timedOut: status.words
    case .signalled(let signal, _): Signal(number: signal).name
    case .forceClosed: "killed"
    case .lost, .unknown: "lost"
    case .detached: "detached"
    case .startFailed(let failure): short(failure)
    }
  }

  private static func short(_ failure: StartFailure) -> String {
    switch failure {
    case .notFound, .badName: failure.words
    case .notExecutable: "cannot run"
    case .badDirectory: "bad folder"
    case .argumentListTooLong: "too long"
    case .system, .box: "not started"
    }
  }
}

/// An execution in a list: the information in a journal on this machine, and the boxwatch that
/// writes it.
package struct ListedExecution: Hashable, Sendable {
  /// Its identity: identifier, box, creation time, and the process that writes its journal.
  package var identity: JournalIdentity
  /// The command.
  package var spec: ExecutionSpec
  /// The state.
  package var state: Standing
  /// Nanoseconds from its creation to its end, or to the last record of an interrupted one; nil
  /// while it is live.
  var duration: UInt64?
  /// The number of bytes of its streams.
  package var bytes: PerStream<UInt64>
  /// The journal's folder.
  package var directory: FilePath
  /// From where on its record is lost, and why.
  package var recordLoss: RecordLoss?
  /// The boxwatch that runs it, if it is alive and answers.
  package var owner: Instance?
  /// Whether only its boxwatch reports it, because its journal is not current.
  package var isUnrecorded = false
  /// Its command, if that goes on although its boxwatch died.
  package var survivor: SurvivingProcess?

  /// Its identifier.
  package var id: ExecutionID { identity.id }

  /// Its name, or else its command.
  package var title: String { spec.name ?? spec.command.joined(separator: " ") }

  /// The box's displayed name: that of the client that requested it, or else its own.
  package var boxTitle: String { spec.clientBox?.title ?? identity.box }

  /// The state, with `!` where output is missing.
  var stateWords: String {
    if case .done = state { return state.shortWords }
    return state.shortWords + (recordLoss == nil ? "" : " !")
  }

  /// Whether its command's input can be written.
  package var takesInput: Bool { spec.input == .pipe || spec.terminal != nil }

  /// A short description of its boxwatch.
  package var whereabouts: String {
    if let survivor { return "command \(survivor.processIdentifier)" }
    guard state.isLive else { return "journal" }
    return owner?.words ?? "pid \(identity.watcher)"
  }
}

extension ListedExecution {
  /// Reads a journal.
  ///
  /// - Throws: `JournalError` for a folder that contains none.
  package init(_ journal: JournalReader) throws {
    var state = try journal.liveness()
    // After the state was read, so that everything written until then is included.
    let summary = try JournalSummary(journal)
    // The end may have come in between.
    if summary.end != nil { state = try journal.liveness() }
    identity = journal.identity
    spec = journal.spec
    directory = journal.directory
    bytes = summary.bytes
    recordLoss = journal.recordLoss
    switch state {
    case .running:
      self.state = summary.standing
      duration = nil
    case .finished(let conclusion):
      self.state = .done(conclusion)
      duration = summary.end ?? summary.lastTime
    case .interrupted:
      self.state = .interrupted
      duration = summary.lastTime
      survivor = SurvivingProcess(of: journal)
    }
  }
}

extension ListedExecution {
  /// Creates an entry from its boxwatch's report of an execution without a journal; nil when the
  /// report is invalid.
  init?(_ reply: UnrecordedReply, of instance: Instance) {
    guard let id = ExecutionID(reply.id) else { return nil }
    self.init(
      identity: JournalIdentity(
        id: id, box: reply.box, created: UInt64(clamping: reply.created), watcher: instance.processIdentifier),
      spec: ExecutionSpec(
        command: reply.command, name: reply.name, input: reply.takesInput ? .pipe : .closed), state: .running,
      bytes: PerStream<UInt64>(stdout: reply.stdoutBytes, stderr: reply.stderrBytes),
      directory: instance.executionsDirectory.appending(reply.id))
    // The exit status is reported with the end.
    if reply.state == .starting { state = .starting }
    recordLoss = RecordLoss(errno: reply.lossError ?? ENOENT, isAccepted: reply.isLossAccepted)
    (owner, isUnrecorded) = (instance, true)
  }

  /// The execution for an attach through its boxwatch, to read output that the journal lacks.
  ///
  /// - Throws: ``/Console/Failure`` for one whose journal has everything.
  package func attachment(allowsInput: Bool) throws -> BoxLiteAttachment {
    guard isUnrecorded, let owner else { throw Failure("\(id) is read from its journal") }
    let target = BoxLiteTarget(
      endpoint: .unix(path: owner.socket.string), box: RemoteControl.box, execution: id.description)
    do throws(TextValueError) {
      return try BoxLiteAttachment(
        target: target, key: InstanceToken.read(beside: owner.socket), allowsInput: allowsInput && takesInput)
    } catch { throw Failure(error.description) }
  }
}

import BoxLiteClient
import BoxLiteServer
import BoxLiteWire
import ExecModel
import Glibc
import Journal
import SystemPackage

/// Where an execution stands, as a list tells.
enum ListedState: Hashable, Sendable {
  /// Its command has not started yet.
  case starting
  /// Its process runs.
  case running
  /// Its process ended, and something still holds a stream.
  case draining(ExitStatus)
  /// Its streams are being given up.
  case emptying(ExitStatus)
  /// It is over.
  case done(Conclusion)
  /// Its boxwatch died before it was over.
  case interrupted

  /// Whether there is more to come.
  var isLive: Bool {
    switch self {
    case .starting, .running, .draining, .emptying: true
    case .done, .interrupted: false
    }
  }

  /// One word, for programs.
  var word: String {
    switch self {
    case .starting: "starting"
    case .running: "running"
    case .draining: "draining"
    case .emptying: "emptying"
    case .done: "done"
    case .interrupted: "interrupted"
    }
  }

  /// How the process ended, when it has.
  var status: ExitStatus? {
    switch self {
    case .starting, .running, .interrupted: nil
    case .draining(let status), .emptying(let status): status
    case .done(let conclusion): conclusion.outcome.status
    }
  }

  /// A few words for a person: how it ended, with `!` where output is missing and `?` where it may be.
  var words: String {
    guard case .done(let conclusion) = self else { return word }
    return conclusion.outcome.status.words + Self.mark(conclusion)
  }

  /// Columns of the longest ``shortWords``: those of `interrupted !`.
  static let widest = 13

  /// What ``words`` says in at most ``widest`` columns, for a table.
  var shortWords: String {
    guard case .done(let conclusion) = self else { return word }
    return Self.short(conclusion.outcome.status) + Self.mark(conclusion)
  }

  private static func mark(_ conclusion: Conclusion) -> String {
    let isCut = !conclusion.outcome.isComplete || conclusion.recordLoss != nil
    return isCut ? " !" : conclusion.unproven.isEmpty ? "" : " ?"
  }

  /// At most 11 columns, so that a mark has room.
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
    case .notExecutable: "no program"
    case .badDirectory: "bad folder"
    case .argumentListTooLong: "too long"
    case .system, .box: "not started"
    }
  }
}

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
  /// From where on its record is lost, and why.
  var recordLoss: RecordLoss?
  /// The boxwatch that runs it, when it lives and answers.
  var owner: Instance?
  /// Whether only its boxwatch tells of it: its journal does not, or not any more.
  var isUnrecorded = false
  /// Its command, when that goes on although its boxwatch died.
  var survivor: SurvivingProcess?

  var id: ExecutionID { identity.id }

  /// The name, or else the command.
  var title: String { spec.name ?? spec.command.joined(separator: " ") }

  /// The box as people know it: that of the client that asked for it, or else its own.
  var boxTitle: String { spec.clientBox?.title ?? identity.box }

  /// Where it stands, with `!` where output is missing.
  var stateWords: String {
    if case .done = state { return state.shortWords }
    return state.shortWords + (recordLoss == nil ? "" : " !")
  }

  /// Who has it, in a few words.
  var whereabouts: String {
    if let survivor { return "command \(survivor.processIdentifier)" }
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
    recordLoss = journal.recordLoss
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
      survivor = SurvivingProcess(of: journal)
    }
  }

  private static func live(_ summary: JournalSummary) -> ListedState {
    guard let status = summary.exited else { return summary.hasBegun ? .running : .starting }
    return summary.isEmptying ? .emptying(status) : .draining(status)
  }
}

extension ListedExecution {
  /// Takes what its boxwatch tells of one without a journal; nil when it makes no sense.
  init?(_ reply: UnrecordedReply, of instance: Instance) {
    guard let id = ExecutionID(reply.id) else { return nil }
    self.init(
      identity: JournalIdentity(
        id: id, box: reply.box, created: UInt64(clamping: reply.created), watcher: instance.processIdentifier),
      spec: ExecutionSpec(
        command: reply.command, name: reply.name, input: reply.takesInput ? .pipe : .closed), state: .running,
      bytes: StreamCounts(stdout: reply.stdoutBytes, stderr: reply.stderrBytes),
      directory: instance.executionsDirectory.appending(reply.id))
    // How its process ended is told with the end.
    if reply.state == .starting { state = .starting }
    recordLoss = RecordLoss(errno: reply.lossError ?? ENOENT, isAccepted: reply.isLossAccepted)
    (owner, isUnrecorded) = (instance, true)
  }

  /// What passes through when its boxwatch is attached to: its output, for the journal has not all of it.
  ///
  /// - Throws: ``Failure`` for one whose journal has everything.
  func attachment(allowsInput: Bool) throws -> BoxLiteAttachment {
    guard isUnrecorded, let owner else { throw Failure("\(id) is read from its journal") }
    let target = BoxLiteTarget(
      endpoint: .unix(path: owner.socket.string), box: RemoteControl.box, execution: id.description)
    do throws(TextValueError) {
      return try BoxLiteAttachment(
        target: target, key: InstanceToken.read(beside: owner.socket), allowsInput: allowsInput && takesInput)
    } catch { throw Failure(error.description) }
  }
}

import BoxLiteServer
import BoxwatchUI
import ExecEngine
import ExecModel
import Instances
import Journal
import Linux
import SystemPackage

/// An opened execution of another boxwatch process: its journal and its control.
struct Attachment: Sendable {
  /// Reads its journal.
  let journal: JournalReader
  /// Its entry in the list of executions.
  let listed: ListedExecution
  /// Controls it; nil when it is over or its boxwatch cannot be reached.
  let control: RemoteControl?
  /// The operations that are not possible from here.
  let limits: RowLimits

  /// Why a draining execution's streams cannot be released from another process: there is no
  /// request for that alone.
  static let releaseRefusal = "only its own boxwatch gives up its streams; K ends what holds them"
  /// Why nothing is written when the user attached without input.
  private static let readOnly = "it was attached to without its standard input"

  /// Opens a journal and finds the process that owns it; may take a second.
  ///
  /// - Parameter allowsInput: false to attach without input.
  /// - Throws: `JournalError` when the folder holds no journal.
  init(_ folder: FilePath, allowsInput: Bool = true) throws {
    journal = try JournalReader(opening: folder)
    var listed = try ListedExecution(journal)
    guard listed.state.isLive else {
      (self.listed, control, limits) = (listed, nil, .none)
      return
    }
    let watcher = listed.identity.watcher
    listed.owner = InstanceDirectory().instances().first { $0.processIdentifier == watcher }
    self.listed = listed
    do {
      control = try RemoteControl(listed, InstanceDirectory())
      limits = RowLimits(
        input: allowsInput ? nil : Self.readOnly, release: Self.releaseRefusal, resize: Self.resizeRefusal(listed))
    } catch {
      control = nil
      limits = RowLimits(everything: "it cannot be controlled from here: \(error)")
    }
  }

  /// The monitor or client that owns the terminal has set its size; another size would garble what
  /// it shows.
  private static func resizeRefusal(_ listed: ListedExecution) -> String? {
    guard let owner = listed.owner else { return "its terminal is resized by a boxwatch that is not known" }
    switch owner.kind {
    case .monitor, .serve: return "\(owner.words) controls the size of its terminal"
    case .run, .detached: return nil
    }
  }

  /// A short description of where the execution runs.
  var origin: RowOrigin { .attached(place: listed.whereabouts) }

  /// The creation time in nanoseconds on the monotonic clock; 0 when it was before the machine's
  /// boot.
  var created: UInt64 {
    let time = WallClock.now
    let age = time - min(time, listed.identity.created)
    let now = MonotonicClock.now
    return now - min(now, age)
  }
}

/// An attached execution of a BoxLite server or a container.
///
/// It is a container's main process, an exec of another client, or an execution of a BoxLite
/// server; this process's engine records it from the attach on.
struct RemoteAttachment: Sendable {
  /// The engine's identifier for it.
  let id: ExecutionID
  /// The command as the server reports it.
  let spec: ExecutionSpec
  /// The box to attach through.
  let attachment: any AttachableBox
  /// Reads what the engine records.
  let subscription: Subscription
  /// Whether the command line named it, so that its exit status becomes ours.
  let isRequested: Bool

  /// A short description of where the execution runs.
  var origin: RowOrigin { .attached(place: attachment.origin) }

  /// The operations that are not possible from here.
  var limits: RowLimits {
    RowLimits(
      input: attachment.capabilities.contains(.input) ? nil : "it was attached to without its standard input",
      release: "only the server can give up its streams")
  }
}

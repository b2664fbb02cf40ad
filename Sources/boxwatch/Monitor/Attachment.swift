import BoxLiteServer
import BoxwatchUI
import ExecEngine
import ExecModel
import Journal
import SystemPackage

/// An execution of another boxwatch, opened: its journal, and the way to steer it.
struct Attachment: Sendable {
  /// Reads its journal.
  let journal: JournalReader
  /// What is known of it.
  let listed: ListedExecution
  /// Steers it; nil for one that is over, or whose boxwatch cannot be reached.
  let control: RemoteControl?
  /// What cannot be done to it from here.
  let limits: RowLimits

  /// Why a draining execution's streams are not given up from elsewhere: to do that alone there is no order.
  private static let release = "only its own boxwatch gives up its streams; K ends what holds them"
  /// Why nothing is written when that was not wanted.
  private static let readOnly = "it was attached to without its standard input"

  /// Opens a journal and finds its owner; it may take a second.
  ///
  /// - Parameter allowsInput: false to watch only.
  /// - Throws: `JournalError` for a folder that holds no journal.
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
      control = try RemoteControl(listed)
      limits = RowLimits(
        input: allowsInput ? nil : Self.readOnly, release: Self.release, resize: Self.resizeRefusal(listed))
    } catch {
      control = nil
      limits = RowLimits(everything: "it cannot be steered from here: \(error)")
    }
  }

  /// Whoever has a screen, or a client, has sized the terminal: another size would spoil what is shown there.
  private static func resizeRefusal(_ listed: ListedExecution) -> String? {
    guard let owner = listed.owner else { return "nobody knows who says how large its terminal is" }
    switch owner.kind {
    case .monitor, .serve: return "\(owner.words) says how large its terminal is"
    case .run, .detached: return nil
    }
  }

  /// Where it is, in few words.
  var origin: RowOrigin { .attached(place: listed.whereabouts) }

  /// When it was created, in nanoseconds on the monotonic clock; before the machine's start counts as its start.
  var created: UInt64 {
    let time = WallClock.now
    let age = time - min(time, listed.identity.created)
    let now = MonotonicClock.now
    return now - min(now, age)
  }
}

/// An execution on a BoxLite server, a container's main process or another's command in it, attached to by our engine, which keeps its record from now on.
struct RemoteAttachment: Sendable {
  /// What our engine calls it.
  let id: ExecutionID
  /// What the server says that runs.
  let spec: ExecutionSpec
  /// Where it is.
  let attachment: any AttachableBox
  /// Reads what our engine records.
  let subscription: Subscription
  /// Whether the command line named it, so that its end is ours.
  let isRequested: Bool

  /// Where it is, in few words.
  var origin: RowOrigin { .attached(place: attachment.origin) }

  /// What cannot be done to it from here.
  var limits: RowLimits {
    RowLimits(
      input: attachment.capabilities.contains(.input) ? nil : "it was attached to without its standard input",
      release: "only the server can give up its streams")
  }
}

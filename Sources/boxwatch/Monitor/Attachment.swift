import BoxwatchUI
import ExecModel
import Journal
import SystemPackage

/// An execution of another boxwatch, opened: its journal, and who runs it.
struct Attachment: Sendable {
  /// Reads its journal.
  let journal: JournalReader
  /// What is known of it.
  let listed: ListedExecution

  /// Opens a journal and finds its owner.
  ///
  /// - Throws: `JournalError` for a folder that holds no journal, or a ``Failure``.
  init(_ folder: FilePath) throws {
    journal = try JournalReader(opening: folder)
    var listed = try ListedExecution(journal)
    if listed.state.isLive, listed.owner == nil {
      let watcher = listed.identity.watcher
      listed.owner = InstanceDirectory().instances().first { $0.processIdentifier == watcher }
    }
    self.listed = listed
  }

  /// Where it is, in few words.
  var origin: RowOrigin { .attached(place: listed.whereabouts) }

  /// What cannot be done to it from here.
  var limits: RowLimits {
    guard listed.state.isLive else { return .none }
    guard let owner = listed.owner else {
      return RowLimits(everything: "process \(listed.identity.watcher), which runs it, takes no orders")
    }
    switch owner.kind {
    // Whoever sized the terminal last would have it otherwise, and the other's screen is wrong.
    case .monitor, .serve: return RowLimits(resize: "\(owner.words) says how large its terminal is")
    case .run, .detached: return .none
    }
  }

  /// When it was created, in nanoseconds on the monotonic clock; before the machine's start counts as its start.
  var created: UInt64 {
    let time = WallClock.now
    let age = time - min(time, listed.identity.created)
    let now = MonotonicClock.now
    return now - min(now, age)
  }
}

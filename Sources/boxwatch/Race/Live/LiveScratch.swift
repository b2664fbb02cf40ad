import ExecModel
import Glibc
import Journal
import SystemPackage

/// The folder of a live race's journals: beside the real ones, so that they are written to the same disk, and removed with
/// the race.
final class LiveScratch {
  private let directory: FilePath

  /// Names the folder below `stateDirectory`; the first journal makes it.
  init(in stateDirectory: FilePath) {
    directory = stateDirectory.appending("race-\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 36))")
  }

  deinit { rmdir(directory.string) }

  /// Makes the journal of one execution.
  ///
  /// - Throws: ``Failure`` when it cannot be made.
  func makeJournal(_ index: Int, _ spec: ExecutionSpec) throws -> JournalWriter {
    guard let id = ExecutionID("race-\(index)") else { throw Failure("there can be no execution number \(index)") }
    let created = UInt64(clamping: time(nil)) &* 1_000_000_000
    let identity = JournalIdentity(id: id, box: "local", created: created, watcher: getpid())
    do {
      return try JournalWriter(creating: directory.appending(id.description), identity: identity, spec: spec)
    } catch {
      throw Failure(error.description)
    }
  }

  /// Removes the journal of an execution that is over.
  func remove(_ index: Int) {
    guard let id = ExecutionID("race-\(index)") else { return }
    try? JournalCatalogue(directory: directory).remove(id)
  }
}

import Console
package import ExecModel
import Glibc
import HostBoxes
import Journal
import Linux
import SystemPackage

/// All executions of this user on this machine: our own journals, and those of every boxwatch that
/// answers.
package struct ExecutionList: Sendable {
  /// Live ones first, the newest first among both.
  package private(set) var executions: [ListedExecution] = []
  /// Why some are missing from the list, one line each.
  package private(set) var problems: [String] = []

  /// Reads our own journal folder, and those of `instances` with another folder.
  init(_ directory: FilePath, instances: [Instance] = []) {
    let owners = Dictionary(instances.map { ($0.processIdentifier, $0) }) { first, _ in first }
    let folders = [directory] + instances.map(\.executionsDirectory).filter { $0 != directory }
    var seen: Set<FilePath> = []
    for folder in folders where seen.insert(folder).inserted { read(folder, owners) }
    for instance in instances { add(instance) }
    executions.sort(by: Self.comesFirst)
  }

  private static func comesFirst(_ left: ListedExecution, _ right: ListedExecution) -> Bool {
    if left.state.isLive != right.state.isLive { return left.state.isLive }
    return (left.identity.created, left.id) > (right.identity.created, right.id)
  }

  private mutating func read(_ folder: FilePath, _ owners: [Int32: Instance]) {
    let names: [String]
    do { names = try Self.names(in: folder) } catch {
      problems.append("\(error)")
      return
    }
    for name in names {
      do {
        var execution = try ListedExecution(JournalReader(opening: folder.appending(name)))
        if let owner = owners[execution.identity.watcher], owner.executionsDirectory == folder {
          execution.owner = owner
        }
        executions.append(execution)
      } catch let error as JournalError where error.errno == .noSuchFileOrDirectory {
        // A folder without its files is being created or removed right now.
      } catch { problems.append("\(error)") }
    }
  }

  /// Adds the running executions without a journal; where there is a journal, it has more
  /// information.
  private mutating func add(_ instance: Instance) {
    for reply in instance.unrecorded {
      guard let execution = ListedExecution(reply, of: instance) else { continue }
      executions.removeAll { $0.id == execution.id && $0.state.isLive }
      executions.append(execution)
    }
  }

  /// The names of the journal folders; names that begin with a dot are skipped.
  private static func names(in folder: FilePath) throws -> [String] {
    guard let listing = opendir(folder.string) else {
      if errno == ENOENT { return [] }
      throw Failure("cannot list the journals in \(folder): \(String(cString: strerror(errno)))")
    }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      // A name that is not an identifier is not a journal of ours.
      if ExecutionID(name) != nil { names.append(name) }
    }
    return names
  }
}

/// A command that goes on after its boxwatch died: its process, identified by number, start time
/// and boot.
package struct SurvivingProcess: Hashable, Sendable {
  /// Its process number.
  package var processIdentifier: Int32 { record.processIdentifier }

  private let record: RecordedProcess

  /// Nil when the journal names no process, or when that process is over, even if its number is
  /// reused.
  init?(of journal: JournalReader) {
    guard let record = journal.process() else { return nil }
    self.record = record
    guard isRunning else { return nil }
  }

  /// Whether it is running and is the same process.
  private var isRunning: Bool {
    switch ProcessActivity(of: processIdentifier) {
    case .ended, .gone: return false
    case .running, .waiting, .blockedInWrite, .stopped: break
    }
    guard let ticks = ProcessDirectory(processIdentifier: processIdentifier).startTime() else { return false }
    let (start, overflow) = ticks.multipliedReportingOverflow(by: BootClock.tick)
    // The kernel rounds down to a tick.
    return !overflow && start <= record.began.upperBound && start &+ BootClock.tick > record.began.lowerBound
  }

  /// Sends a signal to its process group.
  ///
  /// - Throws: ``/Console/Failure`` when it is over, or the kernel refuses.
  package func signal(_ signal: Signal) throws {
    // Opened before the check: while the handle is open and the process is not over, the number
    // cannot be reused.
    guard let handle = try? ProcessHandle(of: processIdentifier), isRunning else { throw over }
    guard ProcessDirectory(processIdentifier: processIdentifier).family()?.group == processIdentifier else {
      return try check(handle.signal(signal.number)?.rawValue ?? 0)
    }
    try check(Glibc.kill(-processIdentifier, signal.number) == 0 ? 0 : errno)
  }

  private func check(_ number: Int32) throws {
    if number == ESRCH { throw over }
    guard number == 0 else {
      throw Failure("process \(processIdentifier) cannot be signalled: \(String(cString: strerror(number)))")
    }
  }

  private var over: Failure { Failure("process \(processIdentifier) has ended") }
}

extension JournalReader {
  /// One line about an interrupted execution, and about its command when that is still running.
  package var interruption: String {
    let end = "\(identity.id) was interrupted: its boxwatch (process \(identity.watcher)) died before the end"
    guard let survivor = SurvivingProcess(of: self) else { return end }
    return end
      + "; its command is still running as process \(survivor.processIdentifier): boxwatch kill \(identity.id) ends it"
  }
}

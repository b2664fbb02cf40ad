import BoxLiteServer
import ExecEngine
package import ExecModel
package import JSON
import Journal
import Linux
import SystemPackage

extension ListedExecution {
  /// One JSON line.
  package var json: JSONLine {
    var line = JSONLine()
    line.add("id", id.description)
    line.add("name", spec.name)
    line.add("command", spec.command)
    line.add("box", identity.box)
    line.add(spec.clientBox)
    line.add("user", spec.user)
    line.add("state", state.word)
    add(state.status, to: &line)
    line.add("created", WallClock.text(identity.created))
    line.add("seconds", duration.map { Double($0) / 1e9 })
    line.add("stdout_bytes", bytes.stdout)
    line.add("stderr_bytes", bytes.stderr)
    addCompleteness(to: &line)
    add(recordLoss, to: &line)
    if case .done(let conclusion) = state, !conclusion.complaints.isEmpty {
      line.add("missing", conclusion.complaints)
    }
    line.add("where", state.isLive ? owner?.kind.rawValue ?? "unknown" : "journal")
    if state.isLive { line.add("pid", identity.watcher) } else { line.addNull("pid") }
    if let survivor { line.add("command_pid", survivor.processIdentifier) } else { line.addNull("command_pid") }
    line.add("journal", directory.string)
    return line
  }

  /// Adds how many of the counted bytes the files contain; an unrecorded execution has no files.
  private func add(_ loss: RecordLoss?, to line: inout JSONLine) {
    guard let loss else { return }
    line.add("record_lost", loss.reason)
    guard !isUnrecorded else { return }
    line.add("stdout_recorded_bytes", loss.offsets.stdout)
    line.add("stderr_recorded_bytes", loss.offsets.stderr)
  }

  private func add(_ status: ExitStatus?, to line: inout JSONLine) {
    guard let status else {
      line.addNull("status")
      line.addNull("code")
      return
    }
    line.add("status", status.words)
    line.add("code", status.shellCode)
  }

  private func addCompleteness(to line: inout JSONLine) {
    guard case .done(let conclusion) = state else { return line.addNull("complete") }
    line.add("complete", conclusion.isWhole)
  }
}

/// A summary of a journal's last records.
struct JournalSummary {
  /// Nanoseconds from the creation to the last record.
  private(set) var lastTime: UInt64 = 0
  /// Where the execution stands.
  var standing: Standing { fold.standing }
  /// Nanoseconds from the creation to the terminal event.
  private(set) var end: UInt64?
  /// The number of bytes of each stream.
  private(set) var bytes = PerStream<UInt64>()
  private var fold: StandingFold
  /// The number of the record of the process's exit.
  private var exited: UInt64?

  /// The maximum number of records read to find the length of each stream.
  private static let most: UInt64 = 1 << 16
  /// The number of records before the exit among which a force-close is looked for.
  private static let reach: UInt64 = 512

  /// Reads backwards from the end to the exit, if there is one; the journal stores the position of a distant one.
  ///
  /// - Throws: `JournalError` when records cannot be read.
  init(_ journal: JournalReader) throws {
    let count = journal.recordCount()
    let distant = journal.distantExit()
    var (start, length): (UInt64, UInt64)
    fold = StandingFold(drain: journal.spec.drain)
    length = 512
    repeat {
      start = count - min(count, length)
      fold = StandingFold(drain: journal.spec.drain, from: start == 0 ? .starting : .running)
      if let distant, distant.sequence < start { take(distant) }
      for record in try journal.records(from: start, limit: Int(count - start)) { take(record) }
      length *= 8
    } while start > 0 && exited == nil && end == nil && length <= Self.most
    for event in journal.noted(from: count) { take(event) }
    try noteForceClose(journal)
  }

  /// Looks for a force-close before an exit that was found from the end: it decides what became of the streams.
  private mutating func noteForceClose(_ journal: JournalReader) throws {
    guard case .draining = standing, let exited else { return }
    let start = exited - min(exited, Self.reach)
    for record in try journal.records(from: start, limit: Int(exited - start)) where record.sequence < exited {
      if case .forceClosed = record.event { fold.apply(.forceClosed) }
    }
  }

  private mutating func take(_ record: RecordedEvent) {
    lastTime = max(lastTime, record.time)
    fold.apply(record.event)
    switch record.event {
    case .output(let stream, let range, _, _): bytes[stream] = max(bytes[stream], range.upperBound)
    case .exited: exited = record.sequence
    case .exit(let conclusion): (end, bytes) = (record.time, conclusion.bytes)
    case .started, .endOfStream, .timeLimitElapsed, .forceClosed, .drainDeadlineElapsed, .streamEmptied,
      .connectionLost, .detached, .startFailed, .gap, .evicted, .stalled, .resumed, .recordLost, .wait:
      break
    }
  }
}

extension JSONLine {
  /// Adds a client's box as `client_box`; null for none.
  package mutating func add(_ box: ClientBox?) {
    guard let box else { return addNull("client_box") }
    var object = JSONLine()
    object.add("id", box.id)
    object.add("name", box.name)
    object.add("image", box.image)
    object.add("labels", box.labels)
    add("client_box", object)
  }
}

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
  /// The process's exit status, if it has ended.
  private(set) var exited: ExitStatus?
  /// Nanoseconds from the creation to the terminal event.
  private(set) var end: UInt64?
  /// The number of bytes of each stream.
  private(set) var bytes = StreamCounts()
  private(set) var isEmptying = false
  /// Whether there is any record.
  let hasBegun: Bool

  /// The maximum number of records read to find the length of each stream.
  private static let most: UInt64 = 1 << 16

  /// Reads backwards from the end to the exit, if there is one; the journal stores the position of
  /// a distant one.
  ///
  /// - Throws: `JournalError` when records cannot be read.
  init(_ journal: JournalReader) throws {
    let count = journal.recordCount()
    hasBegun = count > 0
    if let exit = journal.distantExit() { take(exit) }
    for event in journal.noted(from: count) {
      lastTime = max(lastTime, event.time)
      take(event)
    }
    var length: UInt64 = 512
    repeat {
      let start = count - min(count, length)
      try read(journal, start..<count)
      if start == 0 || exited != nil || end != nil { return }
      length *= 8
    } while length <= Self.most
  }

  private mutating func read(_ journal: JournalReader, _ range: Range<UInt64>) throws {
    for record in try journal.records(from: range.lowerBound, limit: Int(range.upperBound - range.lowerBound)) {
      lastTime = max(lastTime, record.time)
      take(record)
    }
  }

  private mutating func take(_ record: RecordedEvent) {
    switch record.event {
    case .output(let stream, let range, _): bytes[stream] = max(bytes[stream], range.upperBound)
    case .exited(let status): exited = status
    case .exit(let conclusion): (end, bytes) = (record.time, conclusion.bytes)
    case .forceClosed, .drainDeadlineElapsed: isEmptying = exited != nil
    case .started, .endOfStream, .timeLimitElapsed, .streamEmptied, .connectionLost, .detached, .startFailed, .gap,
      .evicted, .stalled, .resumed, .recordLost, .wait:
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

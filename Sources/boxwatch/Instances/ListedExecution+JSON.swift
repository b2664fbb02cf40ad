import BoxLiteServer
import ExecEngine
import ExecModel
import JSON
import Journal
import SystemPackage

extension ListedExecution {
  /// One line for programs.
  var json: JSONLine {
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

  /// Says how much of the counted bytes the files have; what only its boxwatch tells of has no files.
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

import ExecModel
import Journal

extension JournalReader {
  /// One line about an execution that was interrupted.
  var interruption: String {
    "\(identity.id) was interrupted: its boxwatch (process \(identity.watcher)) died before the end"
  }
}

extension JSONLine {
  /// The last line of a record without an end, for programs.
  static func interruption(of id: ExecutionID) -> JSONLine {
    var line = JSONLine()
    line.add("event", "interrupted")
    line.add("id", id.description)
    return line
  }
}

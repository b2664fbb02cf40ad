import ExecModel
import JSON
import Journal

extension JournalReader {
  /// One line about an execution that was interrupted, and about its command when that goes on.
  var interruption: String {
    let end = "\(identity.id) was interrupted: its boxwatch (process \(identity.watcher)) died before the end"
    guard let survivor = SurvivingProcess(of: self) else { return end }
    return end + "; its command goes on as process \(survivor.processIdentifier): boxwatch kill \(identity.id) ends it"
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

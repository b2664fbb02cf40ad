import ExecEngine
import ExecModel

/// Where a command of a client's box runs, and with what.
struct BoxPlace: Sendable {
  /// The client's box.
  let id: String
  /// The back end.
  let box: any Box
  /// Variables of every command, in order.
  var environment: [EnvironmentVariable] = []
  /// The directory of a command that names none.
  var workingDirectory: String?
  /// Who runs a command that names nobody.
  var user: String?
  /// The client's box, as it is shown.
  var description: ClientBox?
}

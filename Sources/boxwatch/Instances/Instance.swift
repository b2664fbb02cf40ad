import SystemPackage

/// Another boxwatch of the same user, alive and listening.
struct Instance: Hashable, Sendable {
  /// Its process's number.
  var processIdentifier: Int32
  /// What it is.
  var kind: InstanceKind
  /// Where its journals are.
  var executionsDirectory: FilePath
  /// Its private socket.
  var socket: FilePath
  /// Where it serves clients, when it does.
  var address: String?

  /// A few words for a list: `monitor 4711`.
  var words: String { "\(kind.rawValue) \(processIdentifier)" }
}

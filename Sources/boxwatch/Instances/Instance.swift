import BoxLiteClient
import BoxLiteServer
import BoxLiteWire
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
  /// What runs there without a journal that tells of it.
  var unrecorded: [UnrecordedReply] = []

  /// A few words for a list: `monitor 4711`.
  var words: String { "\(kind.rawValue) \(processIdentifier)" }
}

extension RESTClient {
  /// A client of another boxwatch of the same user, which shows the token that stands beside its socket.
  convenience init(privateSocket socket: FilePath, patience: Duration) {
    self.init(
      .unix(path: socket.string), key: InstanceToken.read(beside: socket),
      keyPlace: "\(InstanceToken.path(beside: socket))", patience: patience)
  }
}

extension Instance {
  /// How long an answer may take: a boxwatch that is stopped (Ctrl-Z) lets everybody in and says nothing.
  static let patience = Duration.seconds(1)

  /// Asks who listens at a socket; nil when nobody answers in time, or with sense.
  init?(at socket: FilePath) {
    let client = RESTClient(privateSocket: socket, patience: Self.patience)
    guard let reply = try? client.me(), let instance = Instance(reply, at: socket) else { return nil }
    self = instance
  }

  init?(_ reply: MeReply, at socket: FilePath) {
    guard let number = reply.processIdentifier.flatMap(Int32.init(exactly:)),
      let kind = reply.kind.flatMap(InstanceKind.init), let folder = reply.executionsDirectory, folder.hasPrefix("/")
    else { return nil }
    self.init(
      processIdentifier: number, kind: kind, executionsDirectory: FilePath(folder), socket: socket,
      address: reply.address, unrecorded: reply.unrecorded)
  }
}

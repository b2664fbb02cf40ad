/// What an operator can set of a server, by the names that options and the configuration file have for it.
public enum ServerSetting: String, Hashable, Sendable, CaseIterable {
  // BoxLite's own: BOXLITE_RECONNECT_GRACE, BOXLITE_SHUTDOWN_GRACE, BOXLITE_MAX_SESSION_LIFETIME.
  case reconnectGrace = "reconnect-grace"
  case shutdownGrace = "shutdown-grace"
  case maxSessionLifetime = "max-session-lifetime"
  case retention
  case handOver = "hand-over"
  case ping, silence
  case writeTimeout = "write-timeout"
  case requestTimeout = "request-timeout"
  case maxBody = "max-body"
  case maxFrame = "max-frame"
  case maxInput = "max-input"
  case maxSockets = "max-sockets"
  case maxStrangers = "max-strangers"
  case maxStrangersOfAnAddress = "max-strangers-per-address"
  case keyTimeout = "key-timeout"
  case maxBoxes = "max-boxes"
  case maxBoxSize = "max-box-size"
  case maxBoxesSize = "max-boxes-size"
  case maxExecutions = "max-executions"
  case maxExecutionsSize = "max-executions-size"
  case signals

  /// What it is, in a few words.
  public var meaning: String {
    switch self {
    case .reconnectGrace: "how long a command may run with no client attached: HUP then, TERM and KILL later"
    case .shutdownGrace: "the time between HUP, TERM and KILL"
    case .maxSessionLifetime: "how long a command may run at all"
    case .retention: "how long a finished execution is known to clients"
    case .handOver: "how long a status says running for a client that was cut before the exit frame"
    case .ping: "the time between two pings"
    case .silence: "how long a client may answer no ping"
    case .writeTimeout: "how long a client may take nothing of what waits for it"
    case .requestTimeout: "how long a request may take to come in"
    case .maxBody: "the largest body of a request"
    case .maxFrame: "the largest WebSocket message"
    case .maxInput: "the most input that waits for a command to take it"
    case .maxSockets: "the most connections at a time"
    case .maxStrangers: "the most connections that have shown no key yet: a new one takes the oldest one's place"
    case .maxStrangersOfAnAddress: "the most of these from one address"
    case .keyTimeout: "how long a connection may take to show its key"
    case .maxBoxes: "the most boxes at a time"
    case .maxBoxSize: "the most bytes of one box's variables, labels and names"
    case .maxBoxesSize: "the most bytes of all boxes"
    case .maxExecutions: "the most commands that run at a time"
    case .maxExecutionsSize: "the most bytes of all commands that are known: the oldest are forgotten first"
    case .signals: "the signals that clients may send"
    }
  }
}

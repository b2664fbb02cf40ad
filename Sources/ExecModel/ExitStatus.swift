/// How an execution's process ended, as its one terminal event tells.
public enum ExitStatus: Hashable, Sendable, Codable {
  /// It called exit with this code, 0 to 255.
  case exited(Int32)
  /// A signal ended it.
  case signalled(Int32, coreDumped: Bool)
  /// Its time limit was up, and boxwatch ended it (TERM, then KILL).
  case timedOut
  /// It was force-closed while it still ran.
  case forceClosed
  /// It never ran.
  case startFailed(StartFailure)
  /// The connection to its box was lost before a status arrived.
  case lost
  /// boxwatch let go of it, and it goes on.
  case detached
  /// It ended, and waiting for its status failed, by error number (waitid(2)).
  case unknown(Int32)

  /// The number BoxLite's clients see for a force-closed execution: −(128 + 1).
  public static let forceClosedWireCode: Int32 = -129

  /// The status a shell would report: the code, 128 + signal, 124 for a time limit (as coreutils' `timeout`),
  /// 126 or 127 for a command that could not start, 137 when force-closed, 125 where there is none to be had.
  public var shellCode: Int32 {
    switch self {
    case .exited(let code): code
    case .signalled(let signal, _): 128 &+ signal
    case .timedOut: 124
    case .forceClosed: 137
    case .startFailed(let failure): failure.shellCode
    case .lost, .detached, .unknown: 125
    }
  }

  /// Whether the command ended by itself with code 0.
  public var isSuccess: Bool { self == .exited(0) }

  /// A few words for a person: `exit 3`, `SIGTERM`, `timed out`, `not found`.
  public var words: String {
    switch self {
    case .exited(let code): "exit \(code)"
    case .signalled(let signal, let dumped): Signal(number: signal).name + (dumped ? " (core dumped)" : "")
    case .timedOut: "timed out"
    case .forceClosed: "force closed"
    case .startFailed(let failure): failure.words
    case .lost: "connection lost"
    case .detached: "detached"
    case .unknown: "status unknown"
    }
  }
}

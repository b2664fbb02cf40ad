public import ExecModel

/// Something that really happened to the held command, or that the person at the keys did.
public struct HeldMoment: Hashable, Sendable {
  /// What.
  public enum Kind: Hashable, Sendable {
    /// The process was started; its number.
    case started(Int32?)
    /// Somebody closed a gate.
    case held(HeldGate)
    /// Somebody opened a gate.
    case released(HeldGate)
    /// A process was seen blocked in write.
    case blocked(ExecStream)
    /// A pump brought bytes; adjacent reads of a stream are one.
    case read(ExecStream, bytes: UInt64)
    /// A pump brought the end.
    case ended(ExecStream)
    /// The process ended.
    case exited(ExitStatus)
    /// The box lost sight of the command.
    case lost
  }

  /// Nanoseconds since the start.
  public let time: UInt64
  /// What.
  public var kind: Kind

  /// Notes a moment.
  public init(time: UInt64, _ kind: Kind) {
    self.time = time
    self.kind = kind
  }

  /// A few words: `exited: exit 0`.
  public var words: String {
    switch kind {
    case .started(let identifier): "started" + (identifier.map { ", process \($0)" } ?? "")
    case .held(let gate): "you hold \(gate.name)"
    case .released(let gate): "you release \(gate.name)"
    case .blocked(let stream): "blocked in write to \(stream.name)"
    case .read(let stream, let bytes): "\(stream.name) pump brings \(NumberText.grouped(bytes)) bytes"
    case .ended(let stream): "\(stream.name) ends"
    case .exited(let status): "process over: \(status.words)"
    case .lost: "connection lost"
    }
  }

  /// What it looks like.
  var role: Role {
    switch kind {
    case .started: .execRunning
    case .held, .released: .info
    case .blocked: .warning
    case .read(let stream, _), .ended(let stream): .of(stream)
    case .exited: .execDraining
    case .lost: .execLost
    }
  }
}

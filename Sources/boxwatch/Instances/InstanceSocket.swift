import ExecEngine

/// Placeholder until the private server lands.
final class InstanceSocket: Sendable {
  static func open(_ kind: InstanceKind, _ engine: Engine) -> InstanceSocket? { nil }
  func stop() {}
}

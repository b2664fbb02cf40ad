/// Which engine answers; both speak the Docker API, and differ where this module says so.
public enum EngineKind: String, Sendable, Hashable, CaseIterable {
  /// Docker's.
  case docker
  /// Podman's.
  case podman
}

public import ExecEngine
import ExecModel

/// What a sandbox has beyond what every sandbox sees.
public struct SandboxOptions: Hashable, Sendable, Codable {
  /// What of the host it shows besides, in order; a later one lies over an earlier one.
  public var binds: [SandboxBind]
  /// Whether it has the host's network.
  public var hasNetwork: Bool
  /// What bounds it.
  public var limits: BoxLimits

  /// Makes options; without arguments those of the plain sandbox.
  public init(binds: [SandboxBind] = [], hasNetwork: Bool = false, limits: BoxLimits = BoxLimits()) {
    self.binds = binds
    self.hasNetwork = hasNetwork
    self.limits = limits
  }

  /// These with more on top: their binds come after, their limits win.
  public func adding(_ other: SandboxOptions) -> SandboxOptions {
    SandboxOptions(
      binds: binds + other.binds, hasNetwork: hasNetwork || other.hasNetwork, limits: limits.replacing(other.limits))
  }

  /// Looks at what is on the host before anything is started.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` for a bind whose source is missing, or whose place cannot be made.
  public func check() throws(BoxError) { _ = try SandboxView(self, .inherited()) }
}

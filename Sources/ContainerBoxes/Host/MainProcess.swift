import ExecEngine
import Synchronization

/// A container's main process on this host, remembered: what the container uses is counted in its control group.
final class MainProcess: Sendable {
  private let found = Mutex<HostProcess?>(nil)

  /// What the container uses; the engine is asked only when the process that is known is gone.
  func usage(of container: String, _ engine: EngineAccess) -> ResourceUsage? {
    process(of: container, engine)?.containerUsage()
  }

  private func process(of container: String, _ engine: EngineAccess) -> HostProcess? {
    if let known = found.withLock({ $0 }), known.isThere { return known }
    guard let client = try? engine.client(), let inspection = try? client.call(client.inspectContainer(container))
    else { return nil }
    let process = HostProcess(inspection.processIdentifier, container: inspection.identifier)
    found.withLock { $0 = process }
    return process
  }
}

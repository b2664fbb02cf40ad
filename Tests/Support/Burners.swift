import Boxes
import ExecEngine
import ExecModel

/// Processes that burn the processors, as a busy machine does.
public final class Burners: Sendable {
  private let folder = ScratchFolder()
  private let engine: Engine
  private let ids: [ExecutionID]

  /// Starts `count` of them.
  public init(_ count: Int) throws {
    let engine = Engine(stateDirectory: folder.path)
    self.engine = engine
    ids = try (0..<count).map { _ in
      try engine.start(ExecutionSpec(command: ["/bin/sh", "-c", "while :; do :; done"]), in: LocalBox())
    }
  }

  /// Ends them.
  public func stop() {
    for id in ids {
      let gate = Gate()
      try? engine.wait(id) { _ in gate.open() }
      try? engine.forceClose(id)
      gate.wait()
    }
  }
}

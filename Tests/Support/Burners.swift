import ExecEngine
import ExecModel
import HostBoxes

/// Processes that burn the processors, as a busy machine does.
public final class Burners: Sendable {
  /// Burns a processor for as long as the process that started it lives: one that crashes leaves no burner behind.
  public static let script = "while kill -0 $PPID; do :; done 2>/dev/null"

  private let folder = ScratchFolder()
  private let engine: Engine
  private let ids: [ExecutionID]

  /// Starts `count` of them.
  public init(_ count: Int) throws {
    let engine = Engine(stateDirectory: folder.path)
    self.engine = engine
    ids = try (0..<count).map { _ in
      try engine.start(ExecutionSpec(command: ["/bin/sh", "-c", Self.script]), in: LocalBox())
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

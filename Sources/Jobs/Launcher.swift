import Console
package import ExecEngine
package import ExecModel
package import HostBoxes
package import Journal

/// A command and the name of the box to run it in.
package struct ExecutionRequest: Hashable, Sendable {
  /// `local`, `bwrap`, a configured name, or that of a kept box.
  package var box: String
  /// The command.
  package var spec: ExecutionSpec
  /// Additional sandbox options from the command line.
  package var sandbox: SandboxOptions

  /// Makes a request.
  package init(box: String, spec: ExecutionSpec, sandbox: SandboxOptions = SandboxOptions()) {
    self.box = box
    self.spec = spec
    self.sandbox = sandbox
  }
}

/// The boxes that a request can name.
package protocol BoxDirectory: Sendable {
  /// The box of a name, with additional options for a sandbox.
  ///
  /// - Throws: ``/Console/Failure`` that says why there is none.
  func box(named name: String, adding options: SandboxOptions) throws -> any Box
}

/// Starts the commands of a run in the boxes that they name, and prunes old records.
package struct Launcher: Sendable {
  /// Runs the commands.
  package let engine: Engine
  /// Removes old records.
  package let pruner: JournalPruner
  private let boxes: any BoxDirectory

  /// Makes a launcher that starts commands in boxes of `boxes`.
  package init(_ engine: Engine, _ boxes: any BoxDirectory, _ pruner: JournalPruner) {
    self.engine = engine
    self.boxes = boxes
    self.pruner = pruner
  }

  /// Prunes for the life of the process; for processes that start many commands or run long.
  package func keepPruning() {
    pruner.keepPruning()
    engine.watchStarts { [pruner] _ in pruner.look() }
  }

  /// Checks that a request can be started, as far as that is known in advance.
  ///
  /// - Throws: ``/Console/Failure`` when there is no such box, or when it does not support what the spec
  ///   requires.
  package func check(_ request: ExecutionRequest) throws {
    let box = try boxes.box(named: request.box, adding: request.sandbox)
    if request.spec.user != nil, let refusal = box.userRefusal { throw Failure("--user: \(refusal)") }
  }

  /// Starts a request after `prepare` has subscribed and registered waits.
  ///
  /// - Throws: ``/Console/Failure`` when the box is unknown, no journal can be created or preparing failed;
  ///   nothing was started then.
  package func start(
    _ request: ExecutionRequest, preparing prepare: (ExecutionID) throws -> Void
  ) throws -> ExecutionID {
    let box = try boxes.box(named: request.box, adding: request.sandbox)
    do {
      return try engine.start(request.spec, in: box, preparing: prepare)
    } catch let error as EngineError {
      throw Failure(error.description, isShortage: error.isShortage)
    }
  }
}

extension Failure {
  /// Whether a start failed for lack of a resource that may be freed, so that a retry may succeed.
  package static func isShortage(_ error: any Error) -> Bool {
    (error as? Failure)?.isShortage ?? (error as? EngineError)?.isShortage ?? false
  }
}

import ExecEngine
import ExecModel
import Synchronization

/// Makes a trial sandbox, so that a host that refuses sandboxes is distinguished from a command that fails.
final class SandboxProbe: Sendable {
  private let isUsable = Mutex(false)
  private let trees: PreparedTrees

  /// Makes the trials with these prepared trees.
  init(_ trees: PreparedTrees = .shared) { self.trees = trees }

  /// Runs `true` in a sandbox with the same view, until it has succeeded once.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with `box`, and bubblewrap's message.
  func run(_ spawner: ProcessSpawner, _ view: SandboxView, _ environment: EnvironmentBlock) throws(BoxError) {
    guard !isUsable.withLock({ $0 }) else { return }
    var refusal: BoxError?
    for confinement in Confinement.candidates {
      let answer = try answer(confinement, spawner, view, environment)
      if answer.status == .exited(0) {
        confinement.remember()
        isUsable.withLock { $0 = true }
        return
      }
      // The failure of the strongest one is reported, unless this bubblewrap is too old to support its options.
      if !answer.text.contains("Unknown option") { refusal = refusal ?? Self.refusal(answer.text) }
    }
    throw refusal ?? Self.refusal("")
  }

  /// The result of a trial.
  ///
  /// Prepared trees are given up only when the same trial succeeds without one. If both fail, the tree is not the reason:
  /// bubblewrap may be too old for this confinement, and the next one is tried with the tree again.
  private func answer(
    _ confinement: Confinement, _ spawner: ProcessSpawner, _ view: SandboxView, _ environment: EnvironmentBlock
  ) throws(BoxError) -> OneShot.Answer {
    let program = try Self.program(environment)
    let tree = trees.tree(for: view, program: program)
    if let tree {
      let answer = try OneShot.run(request(confinement, view, program, environment, tree), spawner)
      guard answer.status != .exited(0) else { return answer }
    }
    let answer = try OneShot.run(request(confinement, view, program, environment, nil), spawner)
    if tree != nil, answer.status == .exited(0) { trees.giveUp() }
    return answer
  }

  private func request(
    _ confinement: Confinement, _ view: SandboxView, _ program: String, _ environment: EnvironmentBlock,
    _ tree: PreparedTree?
  ) throws(BoxError) -> SpawnRequest {
    let arguments = SandboxArguments(
      confinement: confinement, view: view, tree: tree, directory: "/", variables: [], command: ["true"])
    return SpawnRequest(
      path: program, arguments: arguments.words, environment: environment, input: .closed, route: .sandboxed,
      entry: tree.map(SpawnEntry.init(in:)), gate: try FilterGate())
  }

  /// The error for bubblewrap's last message.
  static func refusal(_ text: String) -> BoxError {
    let said = text.split(separator: "\n").last.map { ": " + $0 } ?? ""
    return BoxError(.box, "bubblewrap cannot make a sandbox here\(said); allow user namespaces, or use another box")
  }

  /// The path of bubblewrap.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with `box` that names the package to install.
  static func program(_ environment: EnvironmentBlock) throws(BoxError) -> String {
    do {
      return try ProgramSearch(path: environment["PATH"], directory: nil).find("bwrap")
    } catch {
      if case .system = error.failure { throw error }
      throw BoxError(.box, "the box 'bwrap' needs bubblewrap: install the package (apt-get install bubblewrap)")
    }
  }
}

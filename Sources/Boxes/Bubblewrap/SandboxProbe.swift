import ExecEngine
import ExecModel
import Synchronization

/// Makes one sandbox for a try, so that a host that refuses them is told apart from a command that fails.
final class SandboxProbe: Sendable {
  private let isUsable = Mutex(false)

  /// Runs `true` in a sandbox that sees the same files, until that went well once.
  ///
  /// - Throws: ``BoxError`` with `box`, and what bubblewrap said.
  func run(_ spawner: ProcessSpawner, _ view: SandboxView, _ environment: EnvironmentBlock) throws(BoxError) {
    guard !isUsable.withLock({ $0 }) else { return }
    var refusal: BoxError?
    for confinement in Confinement.candidates {
      let answer = try OneShot.run(request(confinement, view, environment), spawner)
      if answer.status == .exited(0) {
        confinement.remember()
        isUsable.withLock { $0 = true }
        return
      }
      // The strongest one's failure is reported, unless this bubblewrap is only too old to know its options.
      if !answer.text.contains("Unknown option") { refusal = refusal ?? Self.refusal(answer.text) }
    }
    throw refusal ?? Self.refusal("")
  }

  private func request(
    _ confinement: Confinement, _ view: SandboxView, _ environment: EnvironmentBlock
  ) throws(BoxError) -> SpawnRequest {
    let arguments = SandboxArguments(
      confinement: confinement, view: view, directory: "/", variables: [], command: ["true"])
    return SpawnRequest(
      path: try Self.program(environment), arguments: arguments.words, environment: environment, input: .closed,
      route: .sandboxed, gate: try FilterGate())
  }

  /// The error for what bubblewrap said before it gave up.
  static func refusal(_ text: String) -> BoxError {
    let said = text.split(separator: "\n").last.map { ": " + $0 } ?? ""
    return BoxError(.box, "bubblewrap cannot make a sandbox here\(said); allow user namespaces, or use another box")
  }

  /// Where bubblewrap is.
  ///
  /// - Throws: ``BoxError`` with `box` and the package to install.
  static func program(_ environment: EnvironmentBlock) throws(BoxError) -> String {
    do {
      return try ProgramSearch(path: environment["PATH"], directory: nil).find("bwrap")
    } catch {
      if case .system = error.failure { throw error }
      throw BoxError(.box, "the box 'bwrap' needs bubblewrap: install the package (apt-get install bubblewrap)")
    }
  }
}

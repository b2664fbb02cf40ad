import ExecEngine
import ExecModel
import Synchronization

/// Makes one sandbox for a try, so that a host that refuses them is told apart from a command that fails.
final class SandboxProbe: Sendable {
  private let isUsable = Mutex(false)

  /// Runs `true` in a sandbox, until that went well once.
  ///
  /// - Throws: ``BoxError`` with `box`, and what bubblewrap said.
  func run(_ spawner: ProcessSpawner, _ environment: EnvironmentBlock) throws(BoxError) {
    guard !isUsable.withLock({ $0 }) else { return }
    let arguments = SandboxArguments(directory: "/", variables: [], command: ["true"])
    let request = SpawnRequest(
      path: try Self.program(environment), arguments: arguments.words, environment: environment, input: .closed)
    let answer = try OneShot.run(request, spawner)
    guard answer.status == .exited(0) else {
      let said = answer.text.split(separator: "\n").last.map { ": " + $0 } ?? ""
      throw BoxError(.box, "bubblewrap cannot make a sandbox here\(said); allow user namespaces, or use another box")
    }
    isUsable.withLock { $0 = true }
  }

  /// Where bubblewrap is.
  ///
  /// - Throws: ``BoxError`` with `box` and the package to install.
  static func program(_ environment: EnvironmentBlock) throws(BoxError) -> String {
    do {
      return try ProgramSearch(path: environment["PATH"], directory: nil).find("bwrap")
    } catch {
      throw BoxError(.box, "the box 'bwrap' needs bubblewrap: install the package (apt-get install bubblewrap)")
    }
  }
}

import ArgumentParser
import CExecShims
import Console
import Glibc

/// The program's entry point: ArgumentParser reads the command line; a failure is printed as one
/// line and sets the exit status.
@main
enum Program {
  /// The exit status of a usage error, as in most tools.
  private static let usage: Int32 = 2
  /// The exit status of a failure of boxwatch itself, as in `docker run`.
  private static let failure: Int32 = 125

  static func main() {
    // Before signals are ignored on purpose, and before anything can crash.
    cexec_signals_note_ignored()
    cexec_crash_install()
    StandardDescriptors.fill()
    if let broken = CommandLineWords.firstBroken() {
      Diagnostics.print(
        "word \(broken.position) ('\(broken.text)') is not UTF-8 text: pass such bytes in a file or through sh -c")
      exit(usage)
    }
    do {
      var command = try BoxwatchCommand.parseAsRoot()
      try command.run()
    } catch {
      exit(status(of: error))
    }
  }

  private static func status(of error: any Error) -> Int32 {
    if let failure = error as? Failure {
      Diagnostics.print(failure.description)
      return Self.failure
    }
    if let code = error as? ExitCode { return code.rawValue }
    let code = BoxwatchCommand.exitCode(for: error)
    let text = BoxwatchCommand.fullMessage(for: error)
    if code == .success {
      // Help or a completion script: our own text, with its tabs.
      print(text)
      return 0
    }
    if code == .validationFailure {
      Diagnostics.printLines(text)
      return usage
    }
    Diagnostics.print("\(error)")
    return Self.failure
  }
}

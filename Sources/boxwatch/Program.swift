import ArgumentParser
import CExecShims
import Glibc

/// Where the program starts: ArgumentParser reads the command line, and failures get one line and their status.
@main
enum Program {
  /// Status for a command line that makes no sense, as most tools have it.
  private static let usage: Int32 = 2
  /// Status for a failure of boxwatch's own, as `docker run` has it.
  private static let failure: Int32 = 125

  static func main() {
    // Before anything is ignored on purpose, and before anything can crash.
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
      // A help or a completion script: ours, with its tabs.
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

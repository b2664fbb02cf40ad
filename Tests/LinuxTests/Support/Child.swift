import CExecShims
import Glibc
import SystemPackage

/// A process for tests, with its standard input and output as pipes; standard error goes to its output.
final class Child {
  /// Its process ID.
  let processIdentifier: Int32
  private var input: Int32
  private let output: Int32

  /// Starts `/bin/sh` with these arguments.
  init(sh arguments: String...) throws {
    var (childInput, input): (Int32, Int32) = (-1, -1)
    var (output, childOutput): (Int32, Int32) = (-1, -1)
    guard cexec_pipe(&childInput, &input) == 0, cexec_pipe(&output, &childOutput) == 0 else {
      throw Errno(rawValue: errno)
    }
    defer {
      close(childInput)
      close(childOutput)
    }
    var pid: Int32 = 0
    let words = (["sh"] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    let error = words.withUnsafeBufferPointer { words in
      "/bin/sh".withCString { path in
        var request = cexec_spawn_request()
        (request.path, request.arguments, request.environment) = (path, words.baseAddress, UnsafePointer(environ))
        (request.input, request.output, request.error) = (childInput, childOutput, childOutput)
        return cexec_spawn(&request, &pid)
      }
    }
    (processIdentifier, self.input, self.output) = (pid, input, output)
    guard error == 0 else { throw Errno(rawValue: error) }
  }

  /// The next line of its output, without the newline; what there was at the end of the output.
  func line() -> String {
    var (text, byte): ([UInt8], UInt8) = ([], 0)
    while read(output, &byte, 1) == 1, byte != 10 { text.append(byte) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Waits until it is a zombie.
  func waitForEnd() {
    var info = siginfo_t()
    while waitid(P_PID, id_t(processIdentifier), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
  }

  /// Reaps it.
  func reap() {
    while waitpid(processIdentifier, nil, 0) < 0, errno == EINTR {}
  }

  /// Ends its standard input.
  func closeInput() {
    close(input)
    input = -1
  }

  /// Kills it; call ``reap()`` afterwards.
  func kill() { _ = Glibc.kill(processIdentifier, SIGKILL) }

  deinit {
    if input >= 0 { close(input) }
    close(output)
  }
}

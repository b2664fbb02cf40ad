import ExecEngine
import Glibc

// The engine's errors in a person's words.

extension SignalError {
  /// One clause.
  var words: String {
    switch self {
    case .ended: "there is no process to signal: it has ended"
    case .unsupported: "this box cannot deliver signals"
    case .system(let number): "the signal was not sent: \(String(cString: strerror(number)))"
    }
  }
}

extension InputError {
  /// One clause.
  var words: String {
    switch self {
    case .closed: "the command's input is closed"
    case .brokenPipe: "the command does not read its input any more"
    case .system(let number): String(cString: strerror(number))
    }
  }
}

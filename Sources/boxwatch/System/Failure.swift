import ExecEngine
import Glibc
import Journal
import SystemPackage

/// A failure of boxwatch's own that ends the program: one line for the person, and the exit status 125.
struct Failure: Error, CustomStringConvertible {
  /// What is wrong, where, and what to do.
  let description: String
  /// Whether descriptors, memory or room on the disk were missing, which may be given back.
  let isShortage: Bool
  /// Why our own output could not be written, by error number; nil for any other failure.
  let outputError: Int32?

  init(_ description: String, isShortage: Bool = false, outputError: Int32? = nil) {
    self.description = description
    self.isShortage = isShortage
    self.outputError = outputError
  }

  /// Whether a start failed for want of something that may be given back, so that it may succeed later.
  static func isShortage(_ error: any Error) -> Bool {
    (error as? Failure)?.isShortage ?? (error as? EngineError)?.isShortage ?? false
  }

  /// What the kernel answered, and what to do where a limit is reached.
  static func words(_ number: Int32) -> String {
    let error = Errno(rawValue: number)
    return "\(error)\(error.limitHint)"
  }

  /// Why there is no thread, and what to do (pthread_create(3)).
  static func noThread(_ number: Errno) -> String {
    "there is no thread left (\(number)): raise the limit of processes (ulimit -u, or the control group's)"
  }
}

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

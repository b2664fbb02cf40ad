import ExecEngine
import Glibc
import Journal
import Linux
import SystemPackage

/// A failure of boxwatch itself that ends the program with one line of text and exit status 125.
struct Failure: Error, CustomStringConvertible {
  /// What is wrong, where, and what to do.
  let description: String
  /// Whether it is a lack of descriptors, memory or disk space, which may be freed.
  let isShortage: Bool
  /// The error number when our own output could not be written; nil for any other failure.
  let outputError: Int32?

  init(_ description: String, isShortage: Bool = false, outputError: Int32? = nil) {
    self.description = description
    self.isShortage = isShortage
    self.outputError = outputError
  }

  /// Whether a start failed for lack of a resource that may be freed, so that a retry may succeed.
  static func isShortage(_ error: any Error) -> Bool {
    (error as? Failure)?.isShortage ?? (error as? EngineError)?.isShortage ?? false
  }

  /// The text of an error number, with what to do when a limit is reached.
  static func words(_ number: Int32) -> String {
    let error = Errno(rawValue: number)
    return "\(error)\(error.limitHint)"
  }

  /// Why no thread could be created, and what to do (pthread_create(3)).
  static func noThread(_ number: Errno) -> String {
    "there is no thread left (\(number)): raise the limit of processes (ulimit -u, or the control group's)"
  }
}

extension WakeDescriptor {
  /// Makes one.
  ///
  /// - Throws: ``Failure`` when no descriptor is available.
  static func make() throws -> WakeDescriptor {
    do throws(Errno) { return try WakeDescriptor() } catch {
      throw Failure("cannot make a wake-up: \(Failure.words(error.rawValue))")
    }
  }
}

// The engine's errors as text for the user.

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

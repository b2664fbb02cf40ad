package import Linux
package import SystemPackage

/// A failure of boxwatch itself that ends the program with one line of text and exit status 125.
package struct Failure: Error, CustomStringConvertible {
  /// What is wrong, where, and what to do.
  package let description: String
  /// Whether it is a lack of descriptors, memory or disk space, which may be freed.
  package let isShortage: Bool
  /// The error number when our own output could not be written; nil for any other failure.
  package let outputError: Int32?

  /// Makes a failure of one sentence.
  package init(_ description: String, isShortage: Bool = false, outputError: Int32? = nil) {
    self.description = description
    self.isShortage = isShortage
    self.outputError = outputError
  }

  /// The text of an error number, with what to do when a limit is reached.
  package static func words(_ number: Int32) -> String {
    let error = Errno(rawValue: number)
    return "\(error)\(error.limitHint)"
  }

  /// Why no thread could be created, and what to do (pthread_create(3)).
  package static func noThread(_ number: Errno) -> String {
    "no thread can be started (\(number)): raise the limit of processes (ulimit -u, or the control group's)"
  }
}

extension WakeDescriptor {
  /// Makes one.
  ///
  /// - Throws: ``Failure`` when no descriptor is available.
  package static func make() throws -> WakeDescriptor {
    do throws(Errno) { return try WakeDescriptor() } catch {
      throw Failure("cannot create a wake-up descriptor: \(Failure.words(error.rawValue))")
    }
  }
}

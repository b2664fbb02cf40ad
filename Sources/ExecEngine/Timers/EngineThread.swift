import Journal
package import SystemPackage

/// Starts the threads of the engine, its boxes and its users.
package enum EngineThread {
  /// Runs `body` on a new detached thread with every signal blocked; `name` is cut to the kernel's 15 bytes
  /// (pthread_setname_np(3)).
  ///
  /// - Returns: why there is no thread, when the kernel has none left (pthread_create(3)).
  @discardableResult
  package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Errno? {
    DetachedThread.start(name: name, body)
  }
}

import Synchronization

/// What a person should know about an engine, each said once; it is lost unless somebody listens.
public enum EngineWarnings {
  private static let listener = Mutex<(@Sendable (String) -> Void)?>(nil)

  /// Hears warnings from now on, instead of whoever heard them before; called on any thread.
  public static func listen(_ hear: @escaping @Sendable (String) -> Void) { listener.withLock { $0 = hear } }

  static func tell(_ warning: String) {
    let hear = listener.withLock { $0 }
    hear?(warning)
  }
}

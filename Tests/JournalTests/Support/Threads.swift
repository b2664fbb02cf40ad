import Glibc

/// Threads for tests whose parties wait for each other: tasks could all sit on the same few pool threads.
enum Threads {
  private final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs all bodies at once, and returns when the last one has returned.
  static func run(_ bodies: [@Sendable () -> Void]) {
    let threads = bodies.map { body in
      var thread = pthread_t()
      let box = Unmanaged.passRetained(Box(body))
      let result = pthread_create(
        &thread, nil,
        { argument in
          if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
          return nil
        }, box.toOpaque())
      precondition(result == 0, "no thread")
      return thread
    }
    for thread in threads { pthread_join(thread, nil) }
  }
}

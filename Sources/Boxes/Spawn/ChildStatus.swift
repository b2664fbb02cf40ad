import Glibc

/// Makes sure that ended children can be waited for.
enum ChildStatus {
  private static let kept: Void = {
    var action = sigaction()
    sigaction(SIGCHLD, nil, &action)
    guard unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1 else { return }
    signal(SIGCHLD, SIG_DFL)
  }()

  /// Sets SIGCHLD to its default when this process inherited it as ignored: the kernel would throw statuses away
  /// (sigaction(2)).
  static func keep() { kept }
}

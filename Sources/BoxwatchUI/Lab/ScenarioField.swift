/// A line of the lab's scenario menu.
enum ScenarioField: CaseIterable, Hashable, Sendable {
  case stdout, stderr, waiters, lateWaiter, grandchild, deadline, forceClose

  /// How the menu calls it.
  var label: String {
    switch self {
    case .stdout: "chunks of stdout"
    case .stderr: "chunks of stderr"
    case .waiters: "waiters"
    case .lateWaiter: "a late waiter"
    case .grandchild: "a grandchild holds stdout"
    case .deadline: "a deadline after the exit"
    case .forceClose: "someone closes by force"
    }
  }
}

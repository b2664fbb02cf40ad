/// A source of steps: each takes its own steps in order, and the order between them is what a schedule decides.
///
/// The cases stand in the lab's order, by which schedules are compared.
public enum Source: UInt8, Hashable, Sendable, CaseIterable {
  /// The stdout pump: its chunks, then the end of stream.
  case stdout
  /// The stderr pump: its chunks, then the end of stream.
  case stderr
  /// The reaper: one report.
  case exit
  /// Those who wait for the end, one after the other; they are alike, so they come in the order of their numbers.
  case waiter
  /// The one who comes to wait after the exit.
  case lateWaiter
  /// A grandchild that holds stdout: it writes a chunk, then it ends.
  case grandchild
  /// The timer after the exit.
  case deadline
  /// Someone who closes the execution by force.
  case forceClose

  /// How a person calls it.
  public var name: String {
    switch self {
    case .stdout: "stdout"
    case .stderr: "stderr"
    case .exit: "exit"
    case .waiter: "waiter"
    case .lateWaiter: "late waiter"
    case .grandchild: "grandchild"
    case .deadline: "deadline"
    case .forceClose: "force close"
    }
  }
}

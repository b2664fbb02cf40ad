package import ExecModel

/// The waiters of a dispatcher that has one owner of its end: pending until it, answered at once after it.
package struct WaitDesk: Hashable, Sendable {
  private var pending = WaiterSet()
  private var end: End = .none

  /// Whether the end was told; with what status.
  private enum End: Hashable, Sendable {
    case none
    case told(ExitStatus?)
  }

  /// A desk at which nobody waits.
  package init() {}

  /// Whether the end was told.
  package var isOver: Bool { end != .none }

  /// Takes a waiter: into the list, or answered at once when the end was told.
  package mutating func take(_ waiter: Int, into output: inout some DispatcherOutput) {
    switch end {
    case .none: pending.insert(waiter)
    case .told(let status): output.announce(.wait(waiter: waiter, status))
    }
  }

  /// Answers all who wait, and from now on everyone at once.
  package mutating func answer(_ status: ExitStatus?, into output: inout some DispatcherOutput) {
    end = .told(status)
    while let waiter = pending.popFirst() { output.announce(.wait(waiter: waiter, status)) }
  }

  /// Tells the end once: exit first, then the waiters; nothing when it was told before.
  package mutating func finish(
    _ status: ExitStatus?, truncated: StreamSet = [], into output: inout some DispatcherOutput
  ) {
    guard !isOver else { return }
    output.announce(.exit(status, truncated: truncated))
    answer(status, into: &output)
  }
}

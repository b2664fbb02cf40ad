import Console
import DequeModule
import ExecEngine
import Linux
import Synchronization
import SystemPackage

/// Writes one of our output streams: follows any number of executions on one thread, in turn.
///
/// The thread exists while there is an execution to follow.
final class WriterLane: Sendable {
  /// The read buffer shared by all followers of this lane.
  let buffer = ReadBuffer()

  private struct State {
    var followers: [Int: Follower] = [:]
    /// Followers that may have events, in the order of their turns.
    var ready: Deque<Int> = []
    var next = 0
    var isRunning = false
  }

  private let state = Mutex(State())
  private let bell: WakeDescriptor

  /// - Throws: ``/Console/Failure`` when no descriptor is available.
  init() throws { bell = try WakeDescriptor.make() }

  /// Adds a follower; it is ended on the lane's thread, or here when no thread can be created.
  func follow(_ follower: Follower) {
    let isFirst = state.withLock { state in
      state.followers[state.next] = follower
      state.ready.append(state.next)
      state.next += 1
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard isFirst else { return bell.wake() }
    let failure = DetachedThread.start(name: "boxwatch-writer") { self.run() }
    if let failure { abandon("cannot write the output: \(Failure.noThread(failure))") }
  }

  private func abandon(_ reason: String) {
    let followers = state.withLock { state in
      defer { (state.followers, state.ready, state.isRunning) = ([:], [], false) }
      return Array(state.followers.values)
    }
    for follower in followers {
      follower.abandon(reason)
      follower.end()
    }
  }

  /// Ends all followers early.
  func stop() {
    for follower in state.withLock({ Array($0.followers.values) }) { follower.stop() }
  }
}

// MARK: - The thread

extension WriterLane {
  private enum Turn {
    case follower(Int, Follower)
    case sleep
    case over
  }

  private func run() {
    while true {
      switch nextTurn() {
      case .follower(let number, let follower): take(number, follower)
      case .sleep: bell.wait()
      case .over: return
      }
    }
  }

  private func nextTurn() -> Turn {
    state.withLock { state in
      while let number = state.ready.popFirst() {
        if let follower = state.followers[number] { return .follower(number, follower) }
      }
      guard state.followers.isEmpty else { return .sleep }
      // In the same critical section as the check: a follower added later starts a new thread.
      state.isRunning = false
      return .over
    }
  }

  private func take(_ number: Int, _ follower: Follower) {
    switch follower.step({ [self] in wake(number) }) {
    case .more: state.withLock { $0.ready.append(number) }
    case .asleep: break
    case .over:
      state.withLock { $0.followers[number] = nil }
      follower.end()
    }
  }

  /// Called by pumps: gives an idle follower its turn.
  private func wake(_ number: Int) {
    state.withLock { $0.ready.append(number) }
    bell.wake()
  }
}

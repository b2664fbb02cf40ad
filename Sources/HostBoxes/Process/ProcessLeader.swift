import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Linux
import Synchronization
import SystemPackage

/// A spawned process, observed through its pidfd, from the spawn to the reaping.
///
/// - *running*: the observed exit leads to *ended*, also when the status is not available; ``end()`` leads to *reaped*.
/// - *ended*: a zombie, intentionally. Until it is reaped, its process ID and process group ID cannot be reused, so a
///   signal to the group while draining can never reach an unrelated process. ``release()`` leads to *reaped*.
/// - *reaped*: final.
final class ProcessLeader: PumpSource {
  private enum Phase {
    case running
    case ended
    case reaped
  }

  private struct State: ~Copyable {
    var handle: ProcessHandle
    var phase = Phase.running
    var token: UInt64 = 0
    var isReleased = false
    var hasStarted = false
    /// Whether its end was observed before the start.
    var hasWaitingTurn = false
    /// Whether the kernel has no such child any more, so that its ID may be reused.
    var isGone = false
    var signallers = 0
  }

  /// The process ID, which is also its session ID and process group ID.
  let processIdentifier: Int32

  /// The group's slot in the table of groups that are killed when this process crashes.
  private let crashPlace: Int32
  private let loop: PumpLoop
  private let sink: any ExecutionSink
  private let isSandbox: Bool
  private let state: Mutex<State>

  /// Takes over the handle of a child that no other code waits for.
  ///
  /// - Parameter isSandbox: Whether no member of its process group may outlive it.
  init(
    processIdentifier: Int32, handle: consuming ProcessHandle, loop: PumpLoop, sink: any ExecutionSink,
    isSandbox: Bool = false
  ) {
    self.isSandbox = isSandbox
    self.processIdentifier = processIdentifier
    state = Mutex(State(handle: handle))
    self.loop = loop
    self.sink = sink
    crashPlace = cexec_crash_watch(processIdentifier)
  }

  /// Starts to watch for the exit, which is reported after ``start()``.
  ///
  /// - Throws: the error of epoll_ctl(2).
  func prepare() throws(Errno) {
    try state.withLock { state throws(Errno) in
      state.token = loop.insert(self)
      try loop.watch(state.handle.raw, events: EPOLLIN.rawValue, token: state.token)
    }
  }

  /// Reports the exit from now on, including one that happened before.
  func start() {
    let isWaiting = state.withLock { state in
      state.hasStarted = true
      return state.hasWaitingTurn
    }
    if isWaiting { loop.post(self) }
  }

  func turn(_ turn: PumpTurn) {
    if let status = observe() { sink.exited(status) }
  }

  private func observe() -> ExitStatus? {
    state.withLock { state in
      guard state.phase == .running else { return nil }
      guard state.hasStarted else {
        state.hasWaitingTurn = true
        loop.unwatch(state.handle.raw)
        return nil
      }
      let end: Result<ChildEnd?, Errno> = Result { () throws(Errno) in try state.handle.end() }
      guard end != .success(nil) else {
        // It is dead, but a debugger that traces it has not passed the exit on yet, and no event reports when it does.
        // The pidfd stays readable meanwhile: while watched, it would give turns without a pause.
        loop.unwatch(state.handle.raw)
        loop.postLater(self)
        return nil
      }
      state.phase = .ended
      state.isGone = end == .failure(.noChildProcess)
      // The pidfd of a zombie stays readable until it is reaped.
      loop.unwatch(state.handle.raw)
      if !state.isGone { endSandbox() }
      guard !state.isReleased else {
        reapIfUnused(&state)
        return nil
      }
      return Self.status(end)
    }
  }

  /// Kills the rest of a sandbox whose outer process has ended.
  ///
  /// If that happened before the inner process was tied to it, nothing else would: bubblewrap's inner process would
  /// continue, or wait for the outer one forever and hold the streams.
  private func endSandbox() {
    if isSandbox { kill(-processIdentifier, SIGKILL) }
  }

  private static func status(_ end: Result<ChildEnd?, Errno>) -> ExitStatus? {
    switch end {
    case .success(let end?):
      end.wasKilled ? .signalled(end.status, coreDumped: end.hasCore) : .exited(end.status)
    case .success(nil): nil
    case .failure(let error): .unknown(error.rawValue)
    }
  }

  /// Signals by the given route; the process is not reaped meanwhile.
  func signal(_ signal: Signal, by route: SignalRoute) throws(SignalError) {
    let isThere = state.withLock { state in
      guard state.phase != .reaped, !state.isReleased, !state.isGone else { return false }
      state.signallers += 1
      return true
    }
    guard isThere else { throw .ended }
    let error = route.deliver(signal, toGroup: processIdentifier)
    state.withLock { state in
      state.signallers -= 1
      if state.isReleased { reapIfUnused(&state) }
    }
    switch error {
    case 0: return
    case ESRCH: throw .ended
    default: throw .system(error)
    }
  }

  /// Reaps the process; if it is still running, it is killed with its group and reaped when it has ended.
  func release() {
    state.withLock { state in
      guard !state.isReleased else { return }
      state.isReleased = true
      if state.phase == .running { kill(-processIdentifier, SIGKILL) }
      reapIfUnused(&state)
    }
  }

  /// Kills the group of a process that cannot be watched, and waits for its end; only before ``start()``.
  func end() {
    state.withLock { state in
      guard state.phase == .running else { return }
      kill(-processIdentifier, SIGKILL)
      while waitid(P_PID, id_t(processIdentifier), nil, WEXITED | WNOWAIT) < 0, errno == EINTR {}
      (state.phase, state.isReleased) = (.ended, true)
      reapIfUnused(&state)
    }
  }

  private func reapIfUnused(_ state: inout State) {
    guard state.phase == .ended, state.signallers == 0 else { return }
    // Before the ID is released and can be reused.
    if isSandbox { SandboxGuardian.shared.forget(processIdentifier) }
    cexec_crash_forget(crashPlace)
    state.handle.reap()
    loop.unwatch(state.handle.raw)
    loop.remove(state.token)
    state.handle.close()
    state.phase = .reaped
  }
}

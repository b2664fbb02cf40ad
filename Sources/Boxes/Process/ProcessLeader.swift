import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Synchronization
import SystemPackage

/// A spawned process as its pidfd sees it, from the spawn to the reaping.
///
/// - *running*: leaves on the observed exit to *ended*, also when how it ended cannot be had; on ``end()`` to *reaped*.
/// - *ended*: a zombie, on purpose. While it is not reaped, its number and its process group's number cannot be given to
///   anybody else, so a signal to the group while draining can never hit a stranger. Leaves on ``release()`` to *reaped*.
/// - *reaped*: leaves on nothing.
final class ProcessLeader: PumpSource {
  private enum Phase {
    case running
    case ended
    case reaped
  }

  private struct State {
    var phase = Phase.running
    var token: UInt64 = 0
    var isReleased = false
    var hasStarted = false
    /// Whether its end was seen before the start.
    var hasWaitingTurn = false
    /// Whether the kernel knows no such child any more, so that its number can be a stranger's.
    var isGone = false
    var signallers = 0
  }

  /// The process's number, which is also its session's and its process group's.
  let processIdentifier: Int32

  private let descriptor: Int32
  /// The group's place in the table of those that are killed when this process crashes.
  private let crashPlace: Int32
  private let loop: PumpLoop
  private let sink: any ExecutionSink
  private let isSandbox: Bool
  private let state = Mutex(State())

  /// Takes over the pidfd of a child that nobody else waits for.
  ///
  /// - Parameter isSandbox: Whether nothing of its process group may outlive it.
  init(
    processIdentifier: Int32, descriptor: Int32, loop: PumpLoop, sink: any ExecutionSink, isSandbox: Bool = false
  ) {
    self.isSandbox = isSandbox
    self.processIdentifier = processIdentifier
    self.descriptor = descriptor
    self.loop = loop
    self.sink = sink
    crashPlace = cexec_crash_watch(processIdentifier)
  }

  /// Starts to look for the exit, which is reported after ``start()``.
  ///
  /// - Throws: why epoll has no place for it (epoll_ctl(2)).
  func prepare() throws(Errno) {
    try state.withLock { state throws(Errno) in
      state.token = loop.insert(self)
      try loop.watch(descriptor, events: EPOLLIN.rawValue, token: state.token)
    }
  }

  /// Reports the exit from now on; one that happened before is reported too.
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
        loop.unwatch(descriptor)
        return nil
      }
      var code: Int32 = 0
      var status: Int32 = 0
      let error = cexec_observe_exit(descriptor, &code, &status)
      guard error != EAGAIN else {
        // A tracer of its own has it yet. Unwatched since before the start, no event would come for its end.
        if state.hasWaitingTurn { loop.post(self) }
        return nil
      }
      state.phase = .ended
      state.isGone = error == ECHILD
      // The pidfd of a zombie stays readable until it is reaped.
      loop.unwatch(descriptor)
      if !state.isGone { endSandbox() }
      guard !state.isReleased else {
        reapIfUnused(&state)
        return nil
      }
      return error == 0 ? Self.status(code: code, status: status) : .unknown(error)
    }
  }

  /// Ends what is left of a sandbox whose outer process is gone.
  ///
  /// When that happened before the inner one was tied to it, nothing else would: bubblewrap's inner process then runs on, or
  /// waits for the outer one for ever and holds the streams.
  private func endSandbox() {
    if isSandbox { kill(-processIdentifier, SIGKILL) }
  }

  private static func status(code: Int32, status: Int32) -> ExitStatus {
    code == Int32(CLD_EXITED) ? .exited(status) : .signalled(status, coreDumped: code == Int32(CLD_DUMPED))
  }

  /// Signals by a route of the box's; the process cannot be reaped meanwhile.
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

  /// Reaps; a process that still runs is killed with its group, and reaped when it is dead.
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
    // Before the number is free, and can become a stranger's.
    if isSandbox { SandboxGuardian.shared.forget(processIdentifier) }
    cexec_crash_forget(crashPlace)
    _ = cexec_reap(descriptor)
    loop.unwatch(descriptor)
    loop.remove(state.token)
    close(descriptor)
    state.phase = .reaped
  }
}

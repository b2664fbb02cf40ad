import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Synchronization
import SystemPackage

/// A spawned process as its pidfd sees it, from the spawn to the reaping.
///
/// - *running*: leaves on the observed exit to *ended*.
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
    var signallers = 0
  }

  private enum Observation {
    case ended(ExitStatus)
    case lost
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

  /// Starts to look for the exit; one that happened before is reported too.
  func start() throws(Errno) {
    try state.withLock { state throws(Errno) in
      state.token = loop.insert(self)
      try loop.watch(descriptor, events: Self.events, token: state.token)
    }
  }

  /// One event only: the pidfd of a zombie stays readable until it is reaped.
  private static var events: UInt32 { EPOLLIN.rawValue | EPOLLONESHOT.rawValue }

  func turn(_ turn: PumpTurn) {
    switch observe() {
    case .ended(let status): sink.exited(status)
    case .lost: sink.connectionLost()
    case nil: break
    }
  }

  private func observe() -> Observation? {
    state.withLock { state in
      guard state.phase == .running else { return nil }
      var code: Int32 = 0
      var status: Int32 = 0
      let error = cexec_observe_exit(descriptor, &code, &status)
      guard error != EAGAIN else {
        try? loop.rearm(descriptor, events: Self.events, token: state.token)
        return nil
      }
      state.phase = .ended
      endSandbox()
      guard !state.isReleased else {
        reapIfUnused(&state)
        return nil
      }
      return error == 0 ? .ended(Self.status(code: code, status: status)) : .lost
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
      guard state.phase != .reaped, !state.isReleased else { return false }
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

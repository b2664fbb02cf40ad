import Console
package import ExecEngine
package import ExecModel
package import HostBoxes
import Linux
package import RaceLab
import Synchronization

/// A real command with gates on its two pumps and on its exit report, and dispatchers that receive
/// what the gates pass.
///
/// The stream gates are those of ``/HostBoxes/GatedProcess``: nothing is read, so the kernel's buffer
/// fills. The exit's gate is here: the real exit is known at once, and passed on later.
package final class HeldExecution: ExecutionSink {
  private struct State {
    var record: HeldRecord
    var process: (any GatedProcess)?
    var isOver = false
  }

  /// The polling interval for the fill of a pipe and the state of a process, which no event
  /// reports; it grows while nothing changes.
  private static let pace = (shortest: Duration.milliseconds(20), longest: Duration.milliseconds(160))
  /// The timeout of `fixed-timer`, as in moby and containerd.
  private static let fixedTime = Duration.seconds(2)

  private let state: Mutex<State>
  private let timers: any EngineTimers
  private let onChange: @Sendable () -> Void
  private let exitSeen: WakeDescriptor

  /// Starts a command with these gates closed before its first write.
  ///
  /// - Parameters:
  ///   - onChange: called on any thread after every change of ``snapshot``.
  /// - Throws: ``/ExecEngine/BoxError`` when it did not start, ``Failure`` when no descriptor is
  ///   available.
  package init(
    _ command: [String], holding gates: Set<HeldGate> = Set(HeldGate.allCases), box: LocalBox = LocalBox(),
    timers: any EngineTimers = TimerThread.shared, onChange: @escaping @Sendable () -> Void
  ) throws {
    self.onChange = onChange
    self.timers = timers
    exitSeen = try WakeDescriptor.make()
    state = Mutex(State(record: HeldRecord(command, holding: gates, start: timers.now())))
    let held = ExecStream.allCases.filter { gates.contains(HeldGate($0)) }
    let spec = ExecutionSpec(command: command)
    let process = try box.start(
      spec, holding: held.reduce(into: []) { $0.insert(StreamSet($1)) }, reportingTo: self)
    state.withLock { $0.process = process }
    look(after: Self.pace.shortest)
  }

  /// The complete state for the screen.
  package var snapshot: HeldSnapshot { state.withLock { $0.record.shown } }
}

// MARK: - The gates

extension HeldExecution {
  /// Toggles a gate.
  package func toggle(_ gate: HeldGate) {
    set(gate, isHeld: !state.withLock { $0.record.isHeld(gate) })
  }

  /// Closes or opens a gate.
  func set(_ gate: HeldGate, isHeld: Bool) {
    // The kernel's buffers are measured before anything moves, so that what was lost is known at
    // the moment of the end.
    see()
    let (clients, process) = state.withLock { state in
      (state.record.set(gate, isHeld: isHeld, at: timers.now()), state.process)
    }
    startTimers(clients)
    if let stream = gate.stream { isHeld ? process?.hold(stream) : process?.endHold(stream) }
    settle()
  }

  /// Opens all gates.
  package func releaseAll() {
    for gate in HeldGate.allCases { set(gate, isHeld: false) }
  }

  /// Kills the command's process group, reaps the command and releases everything; waits at most
  /// two seconds for the kernel.
  package func end() {
    let (process, isExited) = state.withLock { state in
      state.isOver = true
      defer { state.process = nil }
      return (state.process, state.record.isExited)
    }
    guard let process else { return }
    // Also after the exit: other processes of the group hold our pipes.
    try? process.signal(.kill)
    if !isExited { exitSeen.wait(milliseconds: 2000) }
    process.release()
  }
}

// MARK: - Reports

extension HeldExecution {
  package func started(processIdentifier: Int32?) {
    change { $0.started(processIdentifier, at: $1) }
  }

  package func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    let count = bytes.byteCount
    let tail = bytes.withUnsafeBytes { Array($0.suffix(2048)) }
    change { $0.output(stream, tail: tail[...], count: UInt64(count), at: $1) }
    return count
  }

  package func endOfStream(_ stream: ExecStream) { change { $0.ended(stream, at: $1) } }

  /// Only a stream that cannot be read comes here.
  package func emptied(_ stream: ExecStream) { change { $0.ended(stream, at: $1) } }

  package func failed(_ stream: ExecStream, errno: Int32) { emptied(stream) }

  package func exited(_ status: ExitStatus) {
    see()
    var clients: [Int] = []
    change { clients = $0.exited(status, at: $1) }
    startTimers(clients)
    exitSeen.wake()
  }

  /// A command on this host has none.
  package func gap(_ stream: ExecStream, _ gap: OutputGap) {}

  package func connectionLost() { change { $0.lost(at: $1) } }

  private func change(_ body: (inout HeldRecord, UInt64) -> Void) {
    state.withLock { body(&$0.record, timers.now()) }
    settle()
  }

  private func startTimers(_ clients: [Int]) {
    for client in clients {
      timers.schedule(after: Self.fixedTime) { [weak self] in self?.change { $0.deadline(of: client, at: $1) } }
    }
  }
}

// MARK: - Looking

extension HeldExecution {
  private func settle() {
    giveBackIfComplete()
    onChange()
  }

  /// Reaps the process once everything was passed on.
  private func giveBackIfComplete() {
    let process = state.withLock { state -> (any GatedProcess)? in
      guard state.record.isComplete, !state.isOver, let process = state.process else { return nil }
      state.isOver = true
      state.process = nil
      return process
    }
    guard let process else { return }
    // A grandchild that closed its streams would outlive the lab.
    try? process.signal(.kill)
    process.release()
    state.withLock { $0.record.see([:], .gone, at: timers.now()) }
  }

  /// Measures the kernel's buffers under the lock: a report that has arrived is counted once, and
  /// what the kernel holds is still unreported.
  private func see() {
    let activity = state.withLock { $0.process }?.activity()
    state.withLock { state in
      guard let process = state.process else { return }
      var levels: PerStream<PipeLevel?> = [:]
      for stream in ExecStream.allCases { levels[stream] = process.level(stream) }
      state.record.see(levels, activity, at: timers.now())
    }
  }

  /// Polls until it is over; wakes the screen when something changed.
  private func look(after pause: Duration) {
    let before = snapshot
    see()
    giveBackIfComplete()
    let hasChanged = snapshot != before
    if hasChanged { onChange() }
    guard !state.withLock({ $0.isOver }) else { return }
    let next = hasChanged ? Self.pace.shortest : min(pause * 2, Self.pace.longest)
    timers.schedule(after: pause) { [weak self] in self?.look(after: next) }
  }
}

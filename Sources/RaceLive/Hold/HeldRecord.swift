import ExecModel
import HostBoxes
import RaceLab

/// The last bytes of a text, few enough to be copied for every reader.
struct TextTail {
  private static let most = 2048

  private var bytes: [UInt8] = []

  /// Appends a chunk; of a large one only the end is kept.
  mutating func append(_ chunk: ArraySlice<UInt8>) {
    bytes += chunk.suffix(Self.most)
    if bytes.count > Self.most { bytes.removeFirst(bytes.count - Self.most) }
  }

  /// The last lines, oldest first, each cut to the maximum length on the screen.
  func lines(_ count: Int) -> [String] {
    let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
    guard !bytes.isEmpty else { return [] }
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).suffix(count)
    return lines.map { String(decoding: $0.prefix(300), as: UTF8.self) }
  }
}

/// The state of the held command, as a value: the actual events, the gates, and every dispatcher's
/// view.
///
/// Guarded by one lock.
struct HeldRecord {
  private static let mostMoments = 200

  private var snapshot: HeldSnapshot
  private var clients: [HeldClient]
  private var chunks = PerStream<Int>()
  private var known = PerStream<UInt64>()
  private let start: UInt64

  /// Creates the state of a command that is about to start.
  init(_ command: [String], holding gates: Set<HeldGate>, start: UInt64) {
    clients = HeldSnapshot.kinds.map(HeldClient.init)
    snapshot = HeldSnapshot(command, holding: gates, kinds: [])
    self.start = start
  }

  /// The state for the screen.
  var shown: HeldSnapshot {
    var shown = snapshot
    shown.sides = clients.map(\.shown)
    return shown
  }

  /// Whether no more events will happen.
  var isComplete: Bool { snapshot.isComplete }
  /// Whether the process is known to be over.
  var isExited: Bool { snapshot.exit.status != nil }

  func isHeld(_ gate: HeldGate) -> Bool { snapshot.isHeld(gate) }

  private mutating func note(_ kind: HeldMoment.Kind, at now: UInt64) {
    let time = now - min(now, start)
    if case .read(let stream, let bytes) = kind, case .read(stream, let before) = snapshot.moments.last?.kind {
      snapshot.moments[snapshot.moments.count - 1].kind = .read(stream, bytes: before &+ bytes)
      return
    }
    snapshot.moments.append(HeldMoment(time: time, kind))
    if snapshot.moments.count > Self.mostMoments { snapshot.moments.removeFirst() }
  }

  /// Passes an event to every dispatcher; returns those that request a timer.
  private mutating func pass(
    _ happening: Happening, bytes: ArraySlice<UInt8> = [], count: UInt64 = 0, at now: UInt64
  ) -> [Int] {
    let time = now - min(now, start)
    let timers = clients.indices.filter { clients[$0].take(happening, bytes: bytes, count: count, at: time) }
    judge()
    return timers
  }

  private mutating func judge() {
    let isComplete = snapshot.pipes.stdout.isOver && snapshot.pipes.stderr.isOver && snapshot.exit.isTold
    snapshot.isComplete = isComplete
    for index in clients.indices { clients[index].judge(known: known, isComplete: isComplete) }
  }
}

// MARK: - Actual events

extension HeldRecord {
  mutating func started(_ processIdentifier: Int32?, at now: UInt64) {
    snapshot.processIdentifier = processIdentifier
    note(.started(processIdentifier), at: now)
  }

  /// Records bytes that a pump read; `tail` are the last of them.
  mutating func output(_ stream: ExecStream, tail: ArraySlice<UInt8>, count: UInt64, at now: UInt64) {
    snapshot[stream].read &+= count
    known[stream] = max(known[stream], snapshot[stream].read)
    note(.read(stream, bytes: count), at: now)
    defer { chunks[stream] &+= 1 }
    _ = pass(.output(stream, chunk: chunks[stream]), bytes: tail, count: count, at: now)
  }

  mutating func ended(_ stream: ExecStream, at now: UInt64) {
    snapshot[stream].isOver = true
    snapshot[stream].isEndWaiting = false
    snapshot[stream].unread = 0
    note(.ended(stream), at: now)
    _ = pass(.endOfStream(stream), at: now)
  }

  /// Records the exit; it is passed to the dispatchers when the gate is open.
  ///
  /// - Returns: the dispatchers that request a timer.
  mutating func exited(_ status: ExitStatus, at now: UInt64) -> [Int] {
    snapshot.exit.status = status
    snapshot.activity = .ended
    note(.exited(status), at: now)
    return tellExit(at: now)
  }

  private mutating func tellExit(at now: UInt64) -> [Int] {
    guard let status = snapshot.exit.status, !snapshot.exit.isHeld, !snapshot.exit.isTold else { return [] }
    snapshot.exit.isTold = true
    return pass(.exited(status), at: now)
  }

  mutating func lost(at now: UInt64) { note(.lost, at: now) }

  /// Fires a dispatcher's timer.
  mutating func deadline(of client: Int, at now: UInt64) {
    _ = clients[client].take(.deadline, at: now - min(now, start))
    judge()
  }
}

// MARK: - Gates and observations

extension HeldRecord {
  /// Closes or opens a gate; returns the dispatchers that request a timer.
  mutating func set(_ gate: HeldGate, isHeld: Bool, at now: UInt64) -> [Int] {
    guard snapshot.isHeld(gate) != isHeld else { return [] }
    note(isHeld ? .held(gate) : .released(gate), at: now)
    guard let stream = gate.stream else {
      snapshot.exit.isHeld = isHeld
      return tellExit(at: now)
    }
    snapshot[stream].isHeld = isHeld
    return []
  }

  /// Records the kernel's buffers and the process's observed state.
  mutating func see(_ levels: PerStream<PipeLevel?>, _ activity: ProcessActivity?, at now: UInt64) {
    for stream in ExecStream.allCases where !snapshot[stream].isOver {
      guard let level = levels[stream] else { continue }
      snapshot[stream].unread = level.unread
      snapshot[stream].capacity = level.capacity ?? 0
      snapshot[stream].isEndWaiting = level.isEnded
      known[stream] = max(known[stream], snapshot[stream].read &+ level.unread)
    }
    if let activity { take(activity, at: now) }
    judge()
  }

  private mutating func take(_ activity: ProcessActivity, at now: UInt64) {
    let before = snapshot.activity
    switch activity {
    // An observation may be older than the exit report.
    case .running: snapshot.activity = isExited ? .ended : .running
    case .waiting: snapshot.activity = isExited ? .ended : .waiting
    case .stopped: snapshot.activity = .stopped
    case .ended: snapshot.activity = .ended
    case .gone: snapshot.activity = .gone
    case .blockedInWrite(let stream, let writer):
      snapshot.activity = .blockedInWrite(stream, processIdentifier: writer)
      if case .blockedInWrite(stream, _) = before { return }
      // In a flood through an open gate a writer blocks every few microseconds.
      if snapshot[stream].isHeld { note(.blocked(stream), at: now) }
    }
  }
}

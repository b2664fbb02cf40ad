import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Synchronization
import SystemPackage

/// How a stream stands after a turn.
enum StreamVerdict {
  /// Nothing more for now, or the turn's budget is used up.
  case more
  /// The sink did not take everything.
  case stalled
  /// The end was read.
  case ended
  /// Emptied without having ended.
  case cut
  /// Reading or watching it failed, by error number.
  case failed(Int32)
}

/// What the kernel holds of a stream that nobody has read yet.
package struct PipeLevel: Hashable, Sendable {
  /// Bytes that can be read now (FIONREAD, pipe(7)).
  package let unread: UInt64
  /// Bytes that fit (F_GETPIPE_SZ, fcntl(2)); nil for a terminal, which does not say.
  package let capacity: UInt64?
  /// Whether every writer is gone, so that the end of the stream comes after those bytes.
  package let isEnded: Bool

  /// Looks at a reading end.
  init(reading descriptor: Int32) {
    unread = cexec_readable_bytes(descriptor)
    let size = cexec_pipe_size(descriptor)
    capacity = size < 0 ? nil : UInt64(size)
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    isEnded = poll(&request, 1, 0) > 0 && request.revents & Int16(POLLHUP) != 0
  }
}

/// What a stream's reader carries from one turn to the next.
struct StreamWork {
  /// Bytes that were read and not taken yet; empty unless stalled.
  var pending: [UInt8] = []
  /// Whether the stream is to be closed when what is there now has been read.
  var isEmptying = false
  /// How much of it is left to read; nil before it was asked.
  var remaining: UInt64?
  /// Whether the pipe was asked to be larger.
  var isGrown = false
}

/// One turn of one stream: reads into the loop's buffer, and reports each chunk before the next read.
struct StreamReader {
  private enum Step {
    case took(Int)
    case wouldBlock
    case stalled(Int)
    case ended
    case failed(Int32)
  }

  /// What to read on top of `FIONREAD` when a terminal is emptied: its flip buffers are not counted there.
  private static let terminalSlack: UInt64 = 64 << 10

  /// What a new pipe holds, and what is worth asking for (twice the speed).
  private static let defaultPipe = 64 << 10
  private static let largePipe: Int32 = 1 << 20

  let descriptor: Int32
  let stream: ExecStream
  let isTerminal: Bool
  let sink: any ExecutionSink
  let turn: PumpTurn

  /// Offers what is left over, then reads.
  func run(_ work: inout StreamWork) -> StreamVerdict {
    guard offerPending(&work) else { return .stalled }
    return work.isEmptying ? empty(&work) : read(&work)
  }

  private func offerPending(_ work: inout StreamWork) -> Bool {
    guard !work.pending.isEmpty else { return true }
    let taken = work.pending.withUnsafeBytes { sink.output(stream, $0.bytes) }
    work.pending.removeFirst(min(max(taken, 0), work.pending.count))
    return work.pending.isEmpty
  }

  /// Reads until nothing is left or the budget is used up: level-triggered epoll tells of the rest.
  private func read(_ work: inout StreamWork) -> StreamVerdict {
    var budget = turn.budget
    while budget > 0 {
      switch step(limit: turn.buffer.count, &work) {
      case .took(let count):
        budget -= count
        if count < turn.buffer.count && !turn.isHungUp && !isTerminal { return .more }
      case .wouldBlock: return .more
      case .stalled: return .stalled
      case .ended: return .ended
      case .failed(let number): return .failed(number)
      }
    }
    return .more
  }

  /// Reads what was there when emptying began, then looks whether that was the end.
  private func empty(_ work: inout StreamWork) -> StreamVerdict {
    var remaining = work.remaining ?? readable()
    while remaining > 0 {
      let step = step(limit: Int(min(remaining, UInt64(turn.buffer.count))), &work)
      switch step {
      case .took(let count): remaining -= min(UInt64(count), remaining)
      case .stalled(let count):
        work.remaining = remaining - min(UInt64(count), remaining)
        return .stalled
      case .wouldBlock: remaining = 0
      case .ended: return .ended
      case .failed(let number): return .failed(number)
      }
    }
    work.remaining = 0
    return isHungUp() ? readToEnd(&work) : .cut
  }

  private func readable() -> UInt64 { cexec_readable_bytes(descriptor) + (isTerminal ? Self.terminalSlack : 0) }

  /// With no writer left what is there is finite: read it all, and the stream is whole.
  private func readToEnd(_ work: inout StreamWork) -> StreamVerdict {
    while true {
      switch step(limit: turn.buffer.count, &work) {
      case .took: continue
      case .stalled: return .stalled
      case .ended: return .ended
      case .failed(let number): return .failed(number)
      case .wouldBlock: return .cut
      }
    }
  }

  private func isHungUp() -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLHUP) != 0
  }

  private func step(limit: Int, _ work: inout StreamWork) -> Step {
    let count = Glibc.read(descriptor, turn.buffer.baseAddress, min(limit, turn.buffer.count))
    guard count > 0 else { return stop(count: count, errno: errno) }
    growPipe(after: count, &work)
    let chunk = UnsafeRawBufferPointer(rebasing: turn.buffer[..<count])
    let taken = sink.output(stream, chunk.bytes)
    guard taken < count else { return .took(count) }
    work.pending = Array(chunk[max(taken, 0)...])
    return .stalled(count)
  }

  /// Makes the pipe of a stream that fills it larger.
  ///
  /// Only then: the pages count against the user's quota, past which the kernel makes every new pipe a tiny one
  /// (pipe(7)), and a thousand quiet executions would use it up. A refusal changes nothing.
  private func growPipe(after count: Int, _ work: inout StreamWork) {
    guard !work.isGrown, !isTerminal, count >= Self.defaultPipe else { return }
    work.isGrown = true
    _ = cexec_set_pipe_size(descriptor, Self.largePipe)
  }

  private func stop(count: Int, errno number: Int32) -> Step {
    if count == 0 { return .ended }
    switch number {
    case EAGAIN, EINTR: return .wouldBlock
    // The master of a terminal whose last slave was closed (pty(7)); from a pipe it is a failure like any other.
    case EIO where isTerminal: return .ended
    default: return .failed(number)
    }
  }
}

/// Reads one stream of a command and reports it.
///
/// It is *open* until the end is read, the stream is emptied, or it is released. From ``prepare()`` to its close it has a
/// place in the epoll set. While open it is *unstarted*: nothing is read before ``start()``; *watched* by epoll; *stalled*:
/// the sink took only part of a chunk, the rest is kept in `pending` and offered after ``resume()``; or *held*: nobody
/// reads, and the kernel's buffer fills. The lock is never held over a read or a report; a release or a hold within a turn
/// is carried out when the turn ends.
final class StreamSource: PumpSource {
  private struct State {
    var descriptor: WatchedDescriptor
    var isInTurn = false
    var isResumed = false
    /// Whether there was something to read before the start.
    var hasWaitingTurn = false
    /// Why no turn may read: one look at all reasons, so that the gate costs the others nothing.
    var barriers: Barriers = .unstarted
    var work = StreamWork()
  }

  private struct Barriers: OptionSet {
    let rawValue: UInt8
    static let released = Barriers(rawValue: 1)
    static let held = Barriers(rawValue: 2)
    static let unstarted = Barriers(rawValue: 4)
  }

  /// Which stream this is.
  let stream: ExecStream
  /// The name its other end has in `/proc/PID/fd`.
  let linkName: String

  private let isTerminal: Bool
  private let loop: PumpLoop
  private let sink: any ExecutionSink
  private let state: Mutex<State>

  /// Takes over a non-blocking descriptor.
  init(
    _ stream: ExecStream, descriptor: Int32, linkName: String, isTerminal: Bool, loop: PumpLoop,
    sink: any ExecutionSink
  ) {
    self.stream = stream
    self.linkName = linkName
    self.isTerminal = isTerminal
    self.loop = loop
    self.sink = sink
    state = Mutex(State(descriptor: WatchedDescriptor(descriptor, loop: loop)))
  }

  /// Whether the stream was neither ended nor given up.
  var isOpen: Bool { state.withLock { $0.descriptor.isOpen } }

  private static var events: UInt32 { EPOLLIN.rawValue }

  /// Makes sure that it can be watched, before anything may be reported.
  ///
  /// - Throws: why epoll has no place for it (epoll_ctl(2)).
  func prepare() throws(Errno) {
    try state.withLock { state throws(Errno) in
      state.descriptor.register(self)
      if state.barriers.contains(.held) {
        try state.descriptor.reserve()
      } else {
        try state.descriptor.watch(Self.events)
      }
    }
  }

  /// Starts reading, with what came before.
  func start() {
    let isWaiting = state.withLock { state in
      state.barriers.remove(.unstarted)
      return state.hasWaitingTurn && state.barriers.isEmpty
    }
    if isWaiting { loop.post(self) }
  }

  /// Offers what the sink did not take again, and goes on; without such a rest does nothing.
  func resume() {
    let isStalled = state.withLock { state in
      // Within the turn that stalls, the request would come before there is anything to resume: keep it.
      if state.isInTurn { state.isResumed = true }
      return !state.isInTurn && !state.work.pending.isEmpty
    }
    if isStalled { loop.post(self) }
  }

  /// Reads what is there now, reports it, and closes.
  func empty() {
    let isOpen = state.withLock { state in
      state.work.isEmptying = true
      return state.descriptor.isOpen
    }
    if isOpen { loop.post(self) }
  }

  /// Closes without a report.
  func release() {
    state.withLock { state in
      state.barriers.insert(.released)
      if !state.isInTurn { close(&state) }
    }
  }

  func turn(_ turn: PumpTurn) {
    guard let (descriptor, kept) = begin() else { return }
    var work = kept
    let reader = StreamReader(descriptor: descriptor, stream: stream, isTerminal: isTerminal, sink: sink, turn: turn)
    let verdict = reader.run(&work)
    finish(verdict, work)
  }

  private func begin() -> (Int32, StreamWork)? {
    state.withLock { state in
      guard state.descriptor.isOpen else { return nil }
      if state.barriers.contains(.unstarted) {
        state.hasWaitingTurn = true
        state.descriptor.silence()
      }
      guard state.barriers.isEmpty else { return nil }
      state.isInTurn = true
      let work = state.work
      state.work.pending = []
      return (state.descriptor.raw, work)
    }
  }

  private func finish(_ verdict: StreamVerdict, _ work: StreamWork) {
    let reported = state.withLock { state in
      state.isInTurn = false
      // An `empty()` that came within the turn has posted a turn of its own; keep its mark.
      let isEmptying = state.work.isEmptying
      state.work = work
      state.work.isEmptying = isEmptying
      return conclude(verdict, &state)
    }
    switch reported {
    case .ended: sink.endOfStream(stream)
    case .cut: sink.emptied(stream)
    case .failed(let number): sink.failed(stream, errno: number)
    case .more, .stalled, nil: break
    }
  }

  /// Carries out a verdict under the lock; returns it when it must be reported.
  private func conclude(_ verdict: StreamVerdict, _ state: inout State) -> StreamVerdict? {
    guard state.barriers.isEmpty else { return concludeBehindBarrier(verdict, &state) }
    let wasResumed = state.isResumed
    state.isResumed = false
    switch verdict {
    case .more:
      do throws(Errno) {
        try state.descriptor.watch(Self.events)
        return nil
      } catch {
        close(&state)
        return .failed(error.rawValue)
      }
    case .stalled:
      state.descriptor.silence()
      if wasResumed { loop.post(self) }
      return nil
    case .ended, .cut, .failed:
      close(&state)
      return verdict
    }
  }

  /// A turn during which the stream was released or held: what it reported stands, and nothing more is read.
  private func concludeBehindBarrier(_ verdict: StreamVerdict, _ state: inout State) -> StreamVerdict? {
    if state.barriers.contains(.released) {
      close(&state)
      return nil
    }
    switch verdict {
    case .more, .stalled:
      state.descriptor.silence()
      return nil
    case .ended, .cut, .failed:
      close(&state)
      return verdict
    }
  }

  private func close(_ state: inout State) {
    state.descriptor.close()
    state.work = StreamWork()
  }
}

// MARK: - The gate

extension StreamSource {
  /// Stops reading: the kernel's buffer fills, the end of the stream stays unread, the writer blocks.
  ///
  /// A turn that reads at this moment ends first.
  func hold() {
    state.withLock { state in
      state.barriers.insert(.held)
      if !state.isInTurn { state.descriptor.silence() }
    }
  }

  /// Reads on after ``hold()``; else does nothing.
  func letGo() {
    let wasHeld = state.withLock { state in
      guard state.barriers.contains(.held) else { return false }
      state.barriers.remove(.held)
      return state.descriptor.isOpen && !state.isInTurn
    }
    // What was asked for meanwhile, resuming and emptying, is done in the same turn.
    if wasHeld { loop.post(self) }
  }

  /// What the kernel holds of the stream; nil once the stream is closed here.
  func level() -> PipeLevel? {
    state.withLock { state in
      state.descriptor.isOpen ? PipeLevel(reading: state.descriptor.raw) : nil
    }
  }
}

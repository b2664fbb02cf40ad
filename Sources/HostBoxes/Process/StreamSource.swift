import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Linux
import Synchronization
import SystemPackage

/// The state of a stream after a turn.
enum StreamVerdict {
  /// No more bytes for now, or the turn's budget is used up.
  case more
  /// The sink did not take everything.
  case stalled
  /// End of stream was read.
  case ended
  /// Emptied before its end.
  case cut
  /// Reading or watching it failed, by error number.
  case failed(Int32)
}

/// The unread bytes that the kernel holds of a stream.
package struct PipeLevel: Hashable, Sendable {
  /// Bytes that can be read now (FIONREAD, pipe(7)).
  package let unread: UInt64
  /// The pipe's capacity (F_GETPIPE_SZ, fcntl(2)); nil for a terminal, which does not report it.
  package let capacity: UInt64?
  /// Whether all writers have closed, so that the end of the stream follows those bytes.
  package let isEnded: Bool

  /// Examines a reading end.
  init(reading descriptor: Int32) {
    unread = PipeCalls.readableBytes(descriptor)
    capacity = PipeCalls.capacity(descriptor)
    isEnded = PipeCalls.isHungUp(descriptor)
  }
}

/// The state that a stream's reader keeps between turns.
struct StreamWork {
  /// Bytes that were read and not yet taken; empty unless stalled.
  var pending: [UInt8] = []
  /// Whether the stream is to be closed when the bytes available now have been read.
  var isEmptying = false
  /// The bytes left to read when emptying; nil before they were counted.
  var remaining: UInt64?
  /// Whether the pipe was enlarged.
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

  /// Bytes to read in addition to `FIONREAD` when a terminal is emptied: its flip buffers are not counted there.
  private static let terminalSlack: UInt64 = 64 << 10

  /// The capacity of a new pipe, and the capacity to request (twice the speed).
  private static let defaultPipe = 64 << 10
  private static let largePipe: Int32 = 1 << 20

  let descriptor: Int32
  let stream: ExecStream
  let isTerminal: Bool
  let sink: any ExecutionSink
  let turn: PumpTurn

  /// Offers the pending bytes, then reads.
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

  /// Reads until nothing is left or the budget is used up; level-triggered epoll reports the rest.
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

  /// Reads what was available when emptying began, then checks for the end.
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
    return PipeCalls.isHungUp(descriptor) ? readToEnd(&work) : .cut
  }

  private func readable() -> UInt64 { PipeCalls.readableBytes(descriptor) + (isTerminal ? Self.terminalSlack : 0) }

  /// Without writers the remaining bytes are finite: reading them all completes the stream.
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

  /// Enlarges the pipe of a stream that fills it.
  ///
  /// Only then: the pages count against the user's quota, beyond which the kernel makes every new pipe a tiny one
  /// (pipe(7)), and a thousand quiet executions would use it up. A refusal changes nothing.
  private func growPipe(after count: Int, _ work: inout StreamWork) {
    guard !work.isGrown, !isTerminal, count >= Self.defaultPipe else { return }
    work.isGrown = true
    PipeCalls.requestCapacity(descriptor, Self.largePipe)
  }

  private func stop(count: Int, errno number: Int32) -> Step {
    if count == 0 { return .ended }
    switch number {
    case EAGAIN, EINTR: return .wouldBlock
    // The master of a pty whose last slave was closed (pty(7)); from a pipe it is an ordinary failure.
    case EIO where isTerminal: return .ended
    default: return .failed(number)
    }
  }
}

/// Reads one stream of a command and reports it.
///
/// It is *open* until the end is read, the stream is emptied, or it is released. From ``prepare()`` to its close it has
/// an entry in the epoll set. While open it is *unstarted*: nothing is read before ``start()``; *watched* by epoll;
/// *stalled*: the sink took only part of a chunk, and the rest is kept in `pending` and offered after ``resume()``; or
/// *held*: nothing is read, and the kernel's buffer fills. The lock is never held over a read or a report; a release or
/// a hold within a turn takes effect when the turn ends.
final class StreamSource: PumpSource {
  private struct State: ~Copyable {
    var descriptor: WatchedDescriptor
    var isInTurn = false
    var isResumed = false
    /// Whether there was something to read before the start.
    var hasWaitingTurn = false
    /// The reasons why no turn may read, in one set, so that a turn checks all of them at once.
    var barriers: Barriers = .unstarted
    var work = StreamWork()
  }

  private struct Barriers: OptionSet {
    let rawValue: UInt8
    static let released = Barriers(rawValue: 1)
    static let held = Barriers(rawValue: 2)
    static let unstarted = Barriers(rawValue: 4)
  }

  let stream: ExecStream
  /// The name of its other end in `/proc/PID/fd`.
  let linkName: String

  private let isTerminal: Bool
  private let loop: PumpLoop
  private let sink: any ExecutionSink
  private let state: Mutex<State>

  /// Takes over a non-blocking descriptor.
  init(
    _ stream: ExecStream, descriptor: consuming Descriptor, linkName: String, isTerminal: Bool, loop: PumpLoop,
    sink: any ExecutionSink
  ) {
    self.stream = stream
    self.linkName = linkName
    self.isTerminal = isTerminal
    self.loop = loop
    self.sink = sink
    state = Mutex(State(descriptor: WatchedDescriptor(descriptor, loop: loop)))
  }

  /// Whether the stream has neither ended nor been given up.
  var isOpen: Bool { state.withLock { $0.descriptor.isOpen } }

  private static var events: UInt32 { EPOLLIN.rawValue }

  /// Makes its entry in the epoll set, before anything may be reported.
  ///
  /// - Throws: the error of epoll_ctl(2).
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

  /// Starts reading, including bytes that arrived before.
  func start() {
    let isWaiting = state.withLock { state in
      state.barriers.remove(.unstarted)
      return state.hasWaitingTurn && state.barriers.isEmpty
    }
    if isWaiting { loop.post(self) }
  }

  /// Offers the pending bytes again and continues; does nothing when none are pending.
  func resume() {
    let isStalled = state.withLock { state in
      // Within the turn that stalls, the request comes before any bytes are pending: keep it.
      if state.isInTurn { state.isResumed = true }
      return !state.isInTurn && !state.work.pending.isEmpty
    }
    if isStalled { loop.post(self) }
  }

  /// Reads the bytes available now, reports them, and closes.
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
      // An `empty()` within the turn has posted another turn; keep its flag.
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

  /// Applies a verdict under the lock; returns it when it must be reported.
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

  /// The stream was released or held during the turn: what the turn reported stands, and nothing more is read.
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
  /// A turn in progress ends first.
  func hold() {
    state.withLock { state in
      state.barriers.insert(.held)
      if !state.isInTurn { state.descriptor.silence() }
    }
  }

  /// Resumes reading after ``hold()``; otherwise does nothing.
  func endHold() {
    let wasHeld = state.withLock { state in
      guard state.barriers.contains(.held) else { return false }
      state.barriers.remove(.held)
      return state.descriptor.isOpen && !state.isInTurn
    }
    // Requests made meanwhile, resuming and emptying, are carried out in the same turn.
    if wasHeld { loop.post(self) }
  }

  /// The unread bytes that the kernel holds of the stream; nil once the stream is closed here.
  func level() -> PipeLevel? {
    state.withLock { state in
      state.descriptor.isOpen ? PipeLevel(reading: state.descriptor.raw) : nil
    }
  }
}

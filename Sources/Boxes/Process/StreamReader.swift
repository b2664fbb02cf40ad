import CExecShims
import ExecEngine
import ExecModel
import Glibc

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

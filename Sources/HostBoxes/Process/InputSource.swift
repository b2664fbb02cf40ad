import CExecShims
import DequeModule
import ExecEngine
import Glibc
import Linux
import Synchronization
import SystemPackage

/// Feeds a command's input: a queue that the loop's thread writes as the kernel accepts it.
///
/// All writes happen on that thread. SIGPIPE is blocked there, so a broken pipe returns an error and raises no signal.
final class InputSource: PumpSource {
  /// Called when the kernel has taken all of one write, or never will.
  typealias Completion = @Sendable (InputError?) -> Void

  private struct Item {
    var bytes: [UInt8]
    var written = 0
    var isEndOfFile = false
    let completion: Completion
  }

  private struct Answer {
    let completion: Completion
    let error: InputError?
  }

  private struct State: ~Copyable {
    var descriptor: WatchedDescriptor
    var queue: Deque<Item> = []
    var isClosing = false
    var endsLine = true
  }

  private let isTerminal: Bool
  private let loop: PumpLoop
  private let state: Mutex<State>

  /// Takes over a non-blocking descriptor.
  init(descriptor: consuming Descriptor, isTerminal: Bool, loop: PumpLoop) {
    self.isTerminal = isTerminal
    self.loop = loop
    state = Mutex(State(descriptor: WatchedDescriptor(descriptor, loop: loop)))
  }

  /// Registers the source with its loop.
  func start() { state.withLock { $0.descriptor.register(self) } }

  func write(_ bytes: [UInt8], completion: @escaping Completion) {
    let isQueued = state.withLock { state in
      guard state.descriptor.isOpen, !state.isClosing else { return false }
      state.queue.append(Item(bytes: bytes, completion: completion))
      return true
    }
    if isQueued { loop.post(self) } else { completion(.closed) }
  }

  /// Closes after the queued bytes; a terminal gets its end-of-file character and accepts further input.
  func closeInput() {
    let isNew = state.withLock { state in
      guard state.descriptor.isOpen, !state.isClosing else { return false }
      if isTerminal {
        state.queue.append(Item(bytes: [], isEndOfFile: true, completion: { _ in }))
      } else {
        state.isClosing = true
      }
      return true
    }
    if isNew { loop.post(self) }
  }

  /// Closes at once; unwritten items complete with ``/ExecEngine/InputError/closed``.
  func release() {
    let rest = state.withLock { state in close(&state) }
    for item in rest { item.completion(.closed) }
  }

  func turn(_ turn: PumpTurn) {
    let answers = state.withLock { state in flush(&state) }
    for answer in answers { answer.completion(answer.error) }
  }

  private func flush(_ state: inout State) -> [Answer] {
    guard state.descriptor.isOpen else { return [] }
    var answers: [Answer] = []
    while var item = state.queue.first {
      if item.isEndOfFile, item.bytes.isEmpty {
        item.bytes = Self.endOfFile(state)
        state.queue[0] = item
      }
      let count = Self.write(item, to: state.descriptor.raw)
      guard count >= 0 else { return answers + stop(errno, &state) }
      state.queue[0].written += count
      guard state.queue[0].written >= item.bytes.count else { continue }
      state.queue.removeFirst()
      if let last = item.bytes.last { state.endsLine = item.isEndOfFile || last == UInt8(ascii: "\n") }
      answers.append(Answer(completion: item.completion, error: nil))
    }
    state.descriptor.silence()
    return answers + end(&state)
  }

  private static func write(_ item: Item, to descriptor: Int32) -> Int {
    item.bytes.withUnsafeBytes { bytes in
      Glibc.write(descriptor, bytes.baseAddress.map { $0 + item.written }, bytes.count - item.written)
    }
  }

  /// Handles a failed write.
  private func stop(_ number: Int32, _ state: inout State) -> [Answer] {
    switch number {
    case EAGAIN, EINTR:
      do throws(Errno) {
        try state.descriptor.watch(EPOLLOUT.rawValue)
        return []
      } catch {
        return fail(.system(error.rawValue), &state)
      }
    // A terminal whose last slave is closed returns EIO.
    case EPIPE, EIO: return fail(.brokenPipe, &state)
    default: return fail(.system(number), &state)
    }
  }

  private func fail(_ error: InputError, _ state: inout State) -> [Answer] {
    close(&state).map { Answer(completion: $0.completion, error: error) }
  }

  /// In the middle of a line the character only flushes the line to the reader; a second one then ends the input.
  private static func endOfFile(_ state: borrowing State) -> [UInt8] {
    let character = PipeCalls.endOfFileCharacter(state.descriptor.raw)
    return [UInt8](repeating: character, count: state.endsLine ? 1 : 2)
  }

  /// Carries out a requested close, once the queue is empty.
  private func end(_ state: inout State) -> [Answer] { state.isClosing ? fail(.closed, &state) : [] }

  /// Closes, and returns the unwritten items.
  private func close(_ state: inout State) -> Deque<Item> {
    state.descriptor.close()
    defer { state.queue = [] }
    return state.queue
  }
}

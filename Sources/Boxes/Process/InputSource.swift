import CExecShims
import DequeModule
import ExecEngine
import Glibc
import Synchronization
import SystemPackage

/// Feeds a command's input: a queue that the loop's thread writes as the kernel takes it.
///
/// All writes happen on that thread, where every signal is blocked: a broken pipe is an answer, never SIGPIPE.
final class InputSource: PumpSource {
  /// What is called when the kernel took all of one write, or will not.
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

  private struct State {
    var descriptor: WatchedDescriptor
    var queue: Deque<Item> = []
    var isClosing = false
    var endsLine = true
  }

  private let isTerminal: Bool
  private let loop: PumpLoop
  private let state: Mutex<State>

  /// Takes over a non-blocking descriptor.
  init(descriptor: Int32, isTerminal: Bool, loop: PumpLoop) {
    self.isTerminal = isTerminal
    self.loop = loop
    state = Mutex(State(descriptor: WatchedDescriptor(descriptor, loop: loop)))
  }

  /// Makes the source known to its loop.
  func start() { state.withLock { $0.descriptor.register(self) } }

  /// Queues bytes.
  func write(_ bytes: [UInt8], completion: @escaping Completion) {
    let isQueued = state.withLock { state in
      guard state.descriptor.isOpen, !state.isClosing else { return false }
      state.queue.append(Item(bytes: bytes, completion: completion))
      return true
    }
    if isQueued { loop.post(self) } else { completion(.closed) }
  }

  /// Closes after what is queued; a terminal gets its end-of-file character, and can be typed into further.
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

  /// Closes at once; what was not written is answered with ``InputError/closed``.
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

  /// What a failed write means for the queue.
  private func stop(_ number: Int32, _ state: inout State) -> [Answer] {
    switch number {
    case EAGAIN, EINTR:
      do throws(Errno) {
        try state.descriptor.watch(EPOLLOUT.rawValue)
        return []
      } catch {
        return fail(.system(error.rawValue), &state)
      }
    // A terminal whose last slave is closed answers EIO.
    case EPIPE, EIO: return fail(.brokenPipe, &state)
    default: return fail(.system(number), &state)
    }
  }

  private func fail(_ error: InputError, _ state: inout State) -> [Answer] {
    close(&state).map { Answer(completion: $0.completion, error: error) }
  }

  /// In the middle of a line the character only pushes the line to the reader; a second one then ends the input.
  private static func endOfFile(_ state: State) -> [UInt8] {
    let character = cexec_end_of_file_character(state.descriptor.raw)
    return [UInt8](repeating: character, count: state.endsLine ? 1 : 2)
  }

  /// The queue is empty: carries out a close that was asked for.
  private func end(_ state: inout State) -> [Answer] { state.isClosing ? fail(.closed, &state) : [] }

  /// Closes, and hands back what was not written.
  private func close(_ state: inout State) -> Deque<Item> {
    state.descriptor.close()
    defer { state.queue = [] }
    return state.queue
  }
}

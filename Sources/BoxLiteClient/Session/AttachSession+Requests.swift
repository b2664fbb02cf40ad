import BoxLiteWire
import ExecEngine
import ExecModel
import JSON
import Logging
import NIOCore
import NIOHTTP1

// What the engine asks for.
extension AttachSession {
  func write(_ bytes: [UInt8], _ completion: @escaping @Sendable (InputError?) -> Void) {
    guard setup.allowsInput, !hasEnded else { return completion(.closed) }
    later { session in
      guard session.state.sink != nil, session.state.input.add(bytes, completion) else { return completion(.closed) }
      session.pumpInput()
    }
  }

  func closeInput() {
    later { session in
      session.state.input.close()
      session.pumpInput()
    }
  }

  /// Sends what is queued, one frame after the other, and the end of the input behind it.
  ///
  /// A frame that a cut kept from the kernel is sent again on the next connection.
  func pumpInput() {
    guard setup.allowsInput, case .attached = state.machine.state, let socket = state.socket, !state.isSending
    else { return }
    guard let frame = state.input.next else {
      if state.input.isClosed, !state.hasSentEnd, !state.hasExit {
        state.hasSentEnd = true
        socket.send(.endOfInput)
      }
      return
    }
    state.isSending = true
    socket.send(frame) { error in
      self.later { $0.sent(frame.count, hasFailed: error != nil) }
    }
  }

  private func sent(_ count: Int, hasFailed: Bool) {
    state.isSending = false
    if !hasFailed, let completion = state.input.sent(count) { completion(nil) }
    if !hasFailed { pumpInput() }
  }

  /// Asks the server to send a signal; what it answers comes too late for the caller and is logged.
  func signal(_ signal: Signal) {
    if signal == .hangUp { later { $0.state.hasHungUp = true } }
    ask(.POST, "/signal", SignalBody(number: signal.number).json) { _, _ in }
  }

  /// Asks the server to kill the command; with no way to it, nobody can be waited for.
  func kill() {
    ask(.DELETE, "", nil) { session, error in
      guard session.state.sink != nil, !session.state.hasExit else { return }
      if case .attached = session.state.machine.state { return }
      session.state.lastWord = error.description
      session.conclude(.lost(.refused(Refusal(error))))
    }
  }

  func resize(_ size: TerminalSize) {
    guard size.rows > 0, size.columns > 0 else { return }
    ask(.POST, "/resize", ResizeBody(columns: size.columns, rows: size.rows).json) { _, _ in }
  }

  private func ask(
    _ method: HTTPMethod, _ verb: String, _ body: JSONValue?,
    failed: @escaping @Sendable (AttachSession, ClientError) -> Void
  ) {
    let path = RESTClient.path(box: setup.box, execution: setup.execution, verb)
    setup.client.begin(method, path, body, answeringOn: loop).whenFailure { error in
      let error = ClientError.failed(error, at: self.setup.client.endpoint)
      self.logger.warning("not done", metadata: ["execution": "\(self.setup.execution)", "why": "\(error)"])
      failed(self, error)
    }
  }

  /// Notes that the engine wants streams closed that the server holds open; asked for within the report of the exit.
  func empty(_ streams: StreamSet) {
    if loop.inEventLoop {
      state.emptied.formUnion(streams)
    } else {
      later { $0.state.emptied.formUnion(streams) }
    }
  }
}

/// Bytes that wait to be sent to a command, in order; survives cuts.
struct InputQueue {
  /// Bytes of one frame.
  static let frame = 65_536

  private struct Item {
    var bytes: ArraySlice<UInt8>
    let completion: @Sendable (InputError?) -> Void
  }

  private var items = CircularBuffer<Item>()
  /// Whether the input ends after what is queued.
  private(set) var isClosed = false

  var isEmpty: Bool { items.isEmpty }

  /// Adds bytes; false when the input was closed.
  mutating func add(_ bytes: [UInt8], _ completion: @escaping @Sendable (InputError?) -> Void) -> Bool {
    guard !isClosed else { return false }
    items.append(Item(bytes: bytes[...], completion: completion))
    return true
  }

  mutating func close() { isClosed = true }

  /// The next frame's bytes; they stay until ``sent(_:)``.
  var next: [UInt8]? { items.first.map { Array($0.bytes.prefix(Self.frame)) } }

  /// Notes that so many bytes were sent; returns what is to be called when that was the last of a write.
  mutating func sent(_ count: Int) -> (@Sendable (InputError?) -> Void)? {
    guard let first = items.first else { return nil }
    items[items.startIndex].bytes = first.bytes.dropFirst(count)
    guard items[items.startIndex].bytes.isEmpty else { return nil }
    return items.removeFirst().completion
  }

  /// Gives everything up; returns what is to be called.
  mutating func giveUp() -> [@Sendable (InputError?) -> Void] {
    defer { items.removeAll() }
    isClosed = true
    return items.map(\.completion)
  }
}

import BoxLiteWire
import ExecEngine
import ExecModel
import JSON
import Logging
import NIOCore
import NIOHTTP1

// Requests of the engine.
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

  /// Sends queued input, one frame after the other, and the end of the input after it.
  ///
  /// A frame that the kernel did not take because of a cut is sent again on the next connection.
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

  /// Requests a signal from the server; its answer comes too late for the caller and is logged.
  func signal(_ signal: Signal) {
    if signal == .hangUp { later { $0.state.hasHungUp = true } }
    ask(.POST, "/signal", SignalBody(number: signal.number).json) { _, _ in }
  }

  /// Requests a kill from the server; when the server cannot be reached, the end is not waited for.
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
      self.logger.warning("a request failed", metadata: ["execution": "\(self.setup.execution)", "why": "\(error)"])
      failed(self, error)
    }
  }

  /// Records that the engine wants streams closed that the server holds open; called within the
  /// report of the exit.
  func empty(_ streams: StreamSet) {
    if loop.inEventLoop {
      state.emptied.formUnion(streams)
    } else {
      later { $0.state.emptied.formUnion(streams) }
    }
  }
}

/// Bytes waiting to be sent to a command, in order; it survives cuts.
struct InputQueue {
  /// The size of one frame in bytes.
  static let frame = 65_536

  private struct Item {
    var bytes: ArraySlice<UInt8>
    let completion: @Sendable (InputError?) -> Void
  }

  private var items = CircularBuffer<Item>()
  /// Whether the input ends after the queued bytes.
  private(set) var isClosed = false

  var isEmpty: Bool { items.isEmpty }

  /// Adds bytes; false when the input was closed.
  mutating func add(_ bytes: [UInt8], _ completion: @escaping @Sendable (InputError?) -> Void) -> Bool {
    guard !isClosed else { return false }
    items.append(Item(bytes: bytes[...], completion: completion))
    return true
  }

  mutating func close() { isClosed = true }

  /// The next frame's bytes; they stay queued until ``sent(_:)``.
  var next: [UInt8]? { items.first.map { Array($0.bytes.prefix(Self.frame)) } }

  /// Records sent bytes; returns the completion when they were the last of a write.
  mutating func sent(_ count: Int) -> (@Sendable (InputError?) -> Void)? {
    guard let first = items.first else { return nil }
    items[items.startIndex].bytes = first.bytes.dropFirst(count)
    guard items[items.startIndex].bytes.isEmpty else { return nil }
    return items.removeFirst().completion
  }

  /// Drops everything; returns the completions to call.
  mutating func giveUp() -> [@Sendable (InputError?) -> Void] {
    defer { items.removeAll() }
    isClosed = true
    return items.map(\.completion)
  }
}

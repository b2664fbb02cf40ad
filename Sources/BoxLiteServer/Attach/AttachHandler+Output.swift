import BoxLiteWire
import DequeModule
import ExecEngine
import ExecModel
import JSON
import Journal
import NIOCore
import NIOWebSocket

/// The progress of one stream: how much was sent, and how much may be sent.
struct OutputCursor {
  /// The offset of the next byte to send.
  var next: UInt64
  /// The offset of the first unpublished byte.
  var limit: UInt64 = 0
  /// Whether a character cut at the limit must be sent as it is: nothing follows, or not in time.
  var mayCut = false
  /// Whether the remaining bytes are an incomplete character that waits for its rest.
  var isHeld = false

  /// Whether there is something to send.
  var isReady: Bool { next < limit && !isHeld }

  mutating func publish(upTo limit: UInt64) {
    self.limit = max(self.limit, limit)
    isHeld = false
  }

  mutating func release() {
    mayCut = true
    isHeld = false
  }

  /// The result of one attempt to send.
  enum Piece {
    /// A frame's payload, with its channel byte.
    case frame(ByteBuffer)
    /// Nothing now: an incomplete character waits.
    case held
    /// These bytes were evicted.
    case evicted(Range<UInt64>)
    /// Reading would block on the disk.
    case cold
    /// The journal's file lacks bytes that it published.
    case missing
  }

  /// Takes the next frame's bytes from the journal.
  ///
  /// - Parameter mayWait: whether the read may block on the disk.
  mutating func take(
    _ stream: ExecStream, from journal: JournalReader, mayWait: Bool, _ allocator: ByteBufferAllocator
  ) throws -> Piece {
    let wanted = Int(min(limit &- next, UInt64(FrameCut.maximum)))
    var buffer = allocator.buffer(capacity: wanted + 1)
    buffer.writeInteger(stream.rawValue)
    var result: ReadResult? = .bytes(0)
    var failure: JournalError?
    var length = 0
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { space in
      let target = UnsafeMutableRawBufferPointer(rebasing: space[..<wanted])
      do throws(JournalError) {
        result =
          mayWait
          ? try journal.read(stream, at: next, into: target) : try journal.readCached(stream, at: next, into: target)
      } catch { failure = error }
      guard case .bytes(let count)? = result else { return 0 }
      length = count
      if !(mayCut && next &+ UInt64(count) == limit) {
        length = FrameCut.length(UnsafeRawBufferPointer(rebasing: target[..<count]))
      }
      return length
    }
    if let failure { throw failure }
    switch result {
    case nil: return .cold
    case .evicted(let head):
      defer { next = head }
      return .evicted(next..<head)
    case .bytes(0): return .missing
    case .bytes:
      guard length > 0 else {
        isHeld = true
        return .held
      }
      next &+= UInt64(length)
      return .frame(buffer)
    }
  }
}

// From the journal to the socket.
extension AttachHandler {
  /// The maximum number of frames in one turn of the event loop, so that a flood does not delay
  /// another connection.
  private static let framesInATurn = 16

  /// Sends until the socket is not writable, there is nothing to send, or the turn is over.
  func pump() {
    guard phase == .sending, !isReading, let context else { return }
    var left = Self.framesInATurn
    while phase == .sending, context.channel.isWritable {
      guard left > 0 else {
        context.flush()
        later { $0.pump() }?()
        return
      }
      do {
        if try sendNext() {
          left -= 1
        } else if isReading {
          break
        } else if try sleep() {
          break
        }
      } catch {
        return fail(error)
      }
    }
    context.flush()
  }

  /// Reports that the record cannot be read, and ends the connection.
  func fail(_ error: any Error) {
    say(.error(message: "\(error)", code: "storage_error"))
    close(.unexpectedServerError)
  }

  /// Sends the next frame; false when there is nothing to send now.
  private func sendNext() throws -> Bool {
    for stream in ExecStream.allCases where cursors[stream].isReady {
      try sendOutput(stream)
      return !isReading
    }
    if let event = try nextEvent() {
      take(event.event)
      return true
    }
    guard !isReading, let conclusion else { return false }
    sendExit(conclusion)
    return true
  }

  private func nextEvent() throws(JournalError) -> RecordedEvent? {
    if events.isEmpty {
      guard let subscription else { return nil }
      if isReplaying {
        readRecord(subscription)
        return nil
      }
      note(try subscription.poll())
    }
    return events.popFirst()
  }

  private func take(_ event: ExecutionEvent) {
    switch event {
    case .output(let stream, let range, _, _): publish(stream, range.upperBound)
    case .endOfStream(let stream), .streamEmptied(let stream, _): cursors[stream].release()
    case .exit(let conclusion):
      for stream in ExecStream.allCases { cursors[stream].release() }
      self.conclusion = conclusion
    case .gap(let stream, let offset, let gap):
      say(.error(message: "\(stream.name), byte \(offset): \(gap.words)", code: "output_gap"))
    case .started, .exited, .timeLimitElapsed, .forceClosed, .drainDeadlineElapsed, .connectionLost, .detached,
      .startFailed,
      .evicted, .stalled, .resumed, .recordLost, .wait:
      break
    }
  }

  /// Merges consecutive chunks of one stream into one piece of work.
  private func publish(_ stream: ExecStream, _ limit: UInt64) {
    var limit = limit
    while case .output(stream, let range, _, _)? = events.first?.event {
      limit = range.upperBound
      events.removeFirst()
    }
    cursors[stream].publish(upTo: limit)
  }

  private func sendOutput(_ stream: ExecStream) throws {
    guard let context, let subscription else { return }
    let piece = try cursors[stream].take(
      stream, from: subscription.journal, mayWait: mayWait, context.channel.allocator)
    mayWait = false
    switch piece {
    case .cold: warm(stream, subscription.journal)
    case .frame(let buffer):
      send(.binary, buffer)
      noteProgress()
    case .evicted(let range):
      say(
        .error(
          message: "\(stream.name): bytes \(range.lowerBound) to \(range.upperBound) are gone", code: "output_lost"))
    case .missing:
      throw JSONError("\(stream.name): bytes that the record lists are missing in its file")
    case .held: break
    }
  }

  /// The number of bytes written to the socket.
  var sent: PerStream<UInt64> {
    cursors.map(\.next)
  }

  func noteProgress() { store.note(ticket, sent: sent, confirmed: acknowledgements.confirmed) }

  /// Registers for the next event; false when one is already there.
  private func sleep() throws -> Bool {
    askForAcknowledgement()
    holdForRest()
    guard let subscription, let wake = later({ $0.pump() }) else { return true }
    return subscription.arm(wake)
  }

  private func askForAcknowledgement() {
    guard ticket.isWriter, acknowledgements.isUseful(at: sent) else { return }
    send(.ping, ByteBuffer(integer: acknowledgements.ask(at: sent)))
  }

  /// Holds an incomplete character for its rest, for a limited time: the rest may never arrive.
  private func holdForRest() {
    guard !isHoldTimerSet, cursors.values.contains(where: \.isHeld), let context else { return }
    isHoldTimerSet = true
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: TimeAmount(configuration.times.halfCharacter)) { bound.value.releaseHalves() }
  }

  private func releaseHalves() {
    isHoldTimerSet = false
    guard phase == .sending else { return }
    for stream in ExecStream.allCases where cursors[stream].isHeld { cursors[stream].release() }
    pump()
  }
}

import ExecModel
import RaceLab

/// A dispatcher over the held command, and a user that reads its output until the first terminal
/// announcement.
struct HeldClient {
  private static let mostTold = 100
  private static let lines = 12

  private var dispatcher: StandardDispatcher
  private var consumer = Consumer()
  private var tails = PerStream(repeating: TextTail())
  private var lostTail = TextTail()
  /// Its state on the screen.
  private(set) var side: HeldSide

  /// Creates a dispatcher that has received only the wait.
  init(_ kind: DispatcherKind) {
    dispatcher = kind.make()
    side = HeldSide(kind)
    // Real clients call wait; some dispatchers lose output only then.
    _ = take(.waits(waiter: 0), at: 0)
  }

  /// Passes an event to the dispatcher.
  ///
  /// - Parameters:
  ///   - bytes: the last bytes of a chunk.
  ///   - count: the chunk's length.
  /// - Returns: whether the dispatcher requests its timer.
  mutating func take(
    _ happening: Happening, bytes: ArraySlice<UInt8> = [], count: UInt64 = 0, at time: UInt64
  ) -> Bool {
    note(happening, bytes)
    let answer = dispatcher.take(happening)
    for announcement in answer.announcements { tell(announcement, bytes, count, time) }
    return answer.startsTimer
  }

  private mutating func note(_ happening: Happening, _ bytes: ArraySlice<UInt8>) {
    switch happening {
    case .endOfStream(let stream), .emptied(let stream): side.open = side.open.removing(stream)
    case .exited: side.heardExit = true
    case .output: if !consumer.isReading { lostTail.append(bytes) }
    case .waits, .deadline, .forceClosed: break
    }
  }

  private mutating func tell(_ announcement: Announcement, _ bytes: ArraySlice<UInt8>, _ count: UInt64, _ time: UInt64)
  {
    guard consumer.isReading else { return consumer.take(announcement) }
    consumer.take(announcement)
    switch announcement {
    case .output(let stream, _): read(stream, bytes, count)
    case .exit, .wait:
      side.told.append(.terminal(announcement))
      side.end = consumer.end
      side.endTime = time
    }
  }

  private mutating func read(_ stream: ExecStream, _ bytes: ArraySlice<UInt8>, _ count: UInt64) {
    side.read[stream] &+= count
    tails[stream].append(bytes)
    if case .output(stream, let before) = side.told.last {
      side.told[side.told.count - 1] = .output(stream, bytes: before &+ count)
    } else {
      side.told.append(.output(stream, bytes: count))
      if side.told.count > Self.mostTold { side.told.removeFirst() }
    }
  }

  /// Compares what its user has read with the actual output so far.
  mutating func judge(known: PerStream<UInt64>, isComplete: Bool) {
    side.isComplete = isComplete
    guard let end = side.end else { return }
    for stream in ExecStream.allCases where !end.truncated.contains(stream) {
      side.lost[stream] = known[stream] - min(known[stream], side.read[stream])
    }
  }

  /// The side with the last lines of its user's text; they are split into lines only when they are
  /// displayed.
  var shown: HeldSide {
    var side = side
    side.lines = tails.map { $0.lines(Self.lines) }
    side.lostLines = lostTail.lines(Self.lines)
    return side
  }
}

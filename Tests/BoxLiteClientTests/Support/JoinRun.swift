import ExecModel
import TestSupport

@testable import BoxLiteClient

/// One stream through one schedule of cuts, with the truth beside it.
struct JoinRun {
  private let stream: ModelStream
  private var join = StreamJoin()
  /// The true place of the next byte that is reported.
  private var place = 0
  private var written = 0
  private(set) var joins = 0
  private(set) var gaps = 0
  private(set) var mistakes: [String] = []

  init(_ stream: ModelStream) { self.stream = stream }

  mutating func go(_ random: inout SeededGenerator) {
    for attempt in 0..<Int.random(in: 2...6, using: &random) {
      written = min(stream.chunks, written + Int.random(in: 0...max(1, stream.chunks / 2), using: &random))
      connect(isLast: false, isFirst: attempt == 0, &random)
    }
    written = stream.chunks
    connect(isLast: true, isFirst: false, &random)
    if place != stream.bytes.count { mistakes.append("ends at \(place) of \(stream.bytes.count)") }
  }

  /// One connection: the backlog, then what is written meanwhile, and a cut somewhere.
  private mutating func connect(isLast: Bool, isFirst: Bool, _ random: inout SeededGenerator) {
    joins += 1
    let first = stream.backlog(written)
    let start = stream.bounds[first]
    join.begin(.backlog(late: isFirst ? .joinedLate : .uncertain))
    let live = Int.random(in: written...max(written, min(stream.chunks, written + 40)), using: &random)
    let end = isLast ? stream.chunks : Int.random(in: first...max(first, live), using: &random)
    var expected: Int? = start
    for index in first..<max(first, end) {
      take(join.take(stream.chunk(index), remembers: true), replayedFrom: &expected, upTo: stream.bounds[index + 1])
      // The server has sent what it had: nothing comes for a while.
      if index + 1 >= written, Bool.random(using: &random) {
        take(join.settle(), replayedFrom: &expected, upTo: stream.bounds[index + 1])
      }
    }
    written = max(written, end)
    // What an earlier connection held back is given up when the next one begins.
    if isLast { take(join.end(), replayedFrom: &expected, upTo: stream.bytes.count) }
  }

  private mutating func take(_ delivery: StreamJoin.Delivery?, replayedFrom start: inout Int?, upTo end: Int) {
    guard let delivery else { return }
    let begin = end - delivery.bytes.count
    if delivery.gap != nil { gaps += 1 }
    if delivery.gap == nil, begin != place { mistakes.append("\(begin) follows \(place) without a mark") }
    if delivery.gap == .lost, let start, start < place { mistakes.append("a false loss at \(place)") }
    if !delivery.bytes.elementsEqual(stream.bytes[begin..<end]) { mistakes.append("other bytes at \(place)") }
    start = nil
    place = end
  }
}

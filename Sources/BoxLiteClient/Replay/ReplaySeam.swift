import ExecModel

/// Finds the place in a replay where the received output ends; a value, without clock or socket.
///
/// BoxLite's server keeps the last 256 KiB of each stream, in whole chunks, and sends them to every
/// client that attaches, followed by new output, without a mark between the two and without saying
/// how much was dropped before.
struct ReplaySeam {
  /// Bytes of each stream that the server keeps, except for one larger chunk.
  static let backlog = 262_144
  /// The minimum size of a trimmed backlog, if no chunk is larger than a pipe (64 KiB, pipe(7)).
  static let leastTrimmed = 196_608
  /// The number of bytes that do not match by chance.
  static let strong = 64

  /// The result.
  struct Join: Equatable {
    /// The gap to report at this place.
    var gap: OutputGap?
    /// The bytes that follow the received output.
    var news: [UInt8]
  }

  /// The last bytes received, without a gap among them.
  private let tail: [UInt8]
  /// Whether they are the whole stream so far, from its first byte.
  private let isWhole: Bool
  /// The gap to report when the stream exceeded the backlog before its first byte was received
  /// here.
  private let late: OutputGap
  /// The replay so far.
  private(set) var held: [UInt8] = []
  /// The overlap being checked byte by byte.
  private var pending: Int
  /// Whether the received output occurs whole at the replay's start and nowhere else; nil while
  /// that is not known.
  private var isSure: Bool?

  init(tail: [UInt8], isWhole: Bool, late: OutputGap = .uncertain) {
    (self.tail, self.isWhole, self.late) = (tail, isWhole, late)
    // A stream that fits into the backlog is replayed from its first byte.
    pending = isWhole ? tail.count : 0
  }

  /// Takes the replay's next bytes; nil while more of them may change the result.
  mutating func take(_ bytes: [UInt8]) -> Join? {
    let start = held.count
    held += bytes
    if confirms(from: start), held.count < pending { return nil }
    if isWhole, held.count < Self.leastTrimmed, !checkSure() { return nil }
    let overlap = Overlap(tail, held)
    pending = overlap.largest
    return overlap.largest > held.count ? nil : judge(overlap)
  }

  /// Decides with the bytes so far: nothing arrived for a while, so the server has sent its
  /// backlog.
  ///
  /// Nil when that is impossible: a backlog holds at least what was received, or nearly its
  /// maximum.
  mutating func settle() -> Join? {
    guard !held.isEmpty, held.count >= min(tail.count, Self.leastTrimmed) else { return nil }
    let overlap = Overlap(tail, held)
    if overlap.largest > held.count, overlap.shown == 0 { return nil }
    return conclude(overlap)
  }

  /// Decides with the bytes so far: the server reported that nothing more comes.
  func finish() -> Join {
    if tail.isEmpty, held.isEmpty { return Join(news: []) }
    let overlap = Overlap(tail, held)
    // The server has less than we have already received.
    let isShort = held.count < min(tail.count, Self.leastTrimmed) || overlap.largest > held.count && overlap.shown == 0
    return isShort ? Join(gap: .unprovenEnd, news: []) : conclude(overlap)
  }

  private func conclude(_ overlap: Overlap) -> Join {
    // A backlog this small was not trimmed: it is the stream from its first byte.
    if isWhole, held.count < Self.leastTrimmed, overlap.shown == tail.count { return join(overlap.shown, nil) }
    return overlap.largest > held.count ? join(overlap.shown, .uncertain) : judge(overlap)
  }

  /// Whether the new bytes still match the overlap being checked.
  private func confirms(from start: Int) -> Bool {
    guard pending > start else { return false }
    let (offset, end) = (tail.count - pending, min(held.count, pending))
    return held[start..<end].elementsEqual(tail[(offset + start)..<(offset + end)])
  }

  /// Computed once: later bytes do not change it.
  private mutating func checkSure() -> Bool {
    if let isSure { return isSure }
    guard held.count >= tail.count else { return false }
    let overlap = Overlap(tail, held)
    let sure = tail.count >= Self.strong && overlap.shown == tail.count && !Self.isAmbiguous(overlap)
    isSure = sure
    return sure
  }

  /// Whether repetitive output matches in several places.
  private static func isAmbiguous(_ overlap: Overlap) -> Bool {
    overlap.second >= strong || overlap.second > 0 && overlap.second * 2 >= overlap.shown
  }

  private func judge(_ overlap: Overlap) -> Join {
    if tail.isEmpty { return join(0, late) }
    if overlap.shown == 0 { return join(0, .lost) }
    let isSure = overlap.shown >= Self.strong && !Self.isAmbiguous(overlap)
    return join(overlap.shown, isSure ? nil : .uncertain)
  }

  private func join(_ overlap: Int, _ gap: OutputGap?) -> Join { Join(gap: gap, news: Array(held[overlap...])) }
}

import ExecModel

/// Where the end of the received output can lie in a replay: all matching lengths, found in one
/// pass.
///
/// Knuth, Morris and Pratt's automaton of the replay runs over the received output (SIAM J. Comput.
/// 6, 1977).
struct Overlap {
  /// The largest overlap that nothing contradicts; longer than the replay's bytes so far when all
  /// of them lie within.
  let largest: Int
  /// The largest overlap that the replay's bytes so far confirm whole; 0 for none.
  let shown: Int
  /// The next smaller confirmed overlap; 0 for none.
  let second: Int

  /// - Parameter tail: the last bytes received.
  /// - Parameter replay: the first bytes of the replay.
  init(_ tail: [UInt8], _ replay: [UInt8]) {
    let length = min(tail.count, replay.count)
    let failure = Self.failure(replay, length)
    var state = 0
    var first: Int?
    for (index, byte) in tail.enumerated() {
      while state > 0, state == length || replay[state] != byte { state = Int(failure[state - 1]) }
      if state < length, replay[state] == byte { state += 1 }
      if state == length, length > 0, first == nil { first = index + 1 - length }
    }
    shown = state
    largest = first.map { tail.count - $0 } ?? state
    second = state > 0 ? Int(failure[state - 1]) : 0
  }

  /// For each prefix of the pattern, its longest proper prefix that is also a suffix.
  private static func failure(_ pattern: [UInt8], _ length: Int) -> [Int32] {
    var failure = [Int32](repeating: 0, count: length)
    var state = 0
    for index in stride(from: 1, to: length, by: 1) {
      while state > 0, pattern[state] != pattern[index] { state = Int(failure[state - 1]) }
      if pattern[state] == pattern[index] { state += 1 }
      failure[index] = Int32(state)
    }
    return failure
  }
}

/// The last bytes of one stream, as many as a server may replay; without a gap among them.
struct StreamTail {
  /// The maximum distance between the start of a replay and the end, except for the largest chunk.
  private var limit = ReplaySeam.backlog + 65_536
  private var buffer: [UInt8] = []

  /// The bytes.
  var bytes: [UInt8] { Array(buffer.suffix(limit)) }

  /// Appends bytes that follow.
  mutating func append(_ bytes: [UInt8]) {
    // The newest chunk is always kept, however large it is.
    limit = max(limit, ReplaySeam.backlog + bytes.count)
    buffer += bytes
    // Drops half at a time: moving the rest for each chunk would cost more than the chunk.
    if buffer.count > limit * 2 { buffer.removeFirst(buffer.count - limit) }
  }

  /// Restarts with bytes that do not follow.
  mutating func restart(with bytes: [UInt8]) {
    buffer = []
    append(bytes)
  }
}

/// One stream across all connections: what was received, and how a new connection's bytes join it.
struct StreamJoin {
  /// Output to report.
  struct Delivery: Equatable {
    /// A gap before the bytes.
    var gap: OutputGap?
    /// The bytes that follow.
    var bytes: [UInt8]
  }

  /// How the server replays a stream to a new client.
  enum Replay {
    /// From the requested byte.
    case exact
    /// Its backlog, whatever was requested; the gap is reported if the backlog does not reach back
    /// to the first byte.
    case backlog(late: OutputGap)
    /// The whole stream, from the first byte.
    case whole
  }

  /// The number of bytes received and not discarded as repeated.
  private(set) var count: UInt64 = 0
  /// Whether they are the stream's first `count` bytes.
  private var isWhole = true
  private var tail = StreamTail()
  private var seam: ReplaySeam?
  /// Bytes of a whole replay that were already received.
  private var skip: UInt64 = 0

  /// The most bytes of a replay that were held back without a result.
  private var mostHeld = 0

  /// Whether bytes of a replay are held back.
  var isHolding: Bool { seam?.held.isEmpty == false }

  /// Whether bytes can be passed on unchanged.
  var isPlain: Bool { seam == nil && skip == 0 }

  /// Starts a connection; bytes that an earlier replay held back are sent again.
  mutating func begin(_ replay: Replay) {
    (seam, skip) = (nil, 0)
    switch replay {
    case .exact: break
    case .backlog(let late): seam = ReplaySeam(tail: tail.bytes, isWhole: isWhole && isInTail, late: late)
    case .whole: skip = count
    }
  }

  private var isInTail: Bool { count == UInt64(tail.bytes.count) }

  /// Takes a connection's next bytes; returns nil when they are held back.
  ///
  /// - Parameter remembers: whether a later connection may need them to find its place.
  mutating func take(_ bytes: [UInt8], remembers: Bool) -> Delivery? {
    guard seam == nil else {
      guard let join = seam?.take(bytes) else { return nil }
      return finish(join)
    }
    let repeated = Int(clamping: min(skip, UInt64(bytes.count)))
    skip -= UInt64(repeated)
    let news = Array(bytes[repeated...])
    note(UInt64(news.count))
    if remembers { tail.append(news) }
    return Delivery(gap: nil, bytes: news)
  }

  /// Counts bytes that were passed on unchanged.
  mutating func note(_ count: UInt64) { self.count &+= count }

  /// Moves to an offset before which the server has dropped its bytes.
  mutating func jump(to offset: UInt64) {
    count = offset
    isWhole = false
    skip = 0
  }

  /// Decides, if possible, after nothing arrived for a while.
  mutating func settle() -> Delivery? {
    guard let join = seam?.settle() else { return nil }
    return finish(join)
  }

  /// Decides at the end of the stream.
  mutating func end() -> Delivery? {
    guard let join = seam?.finish() else { return nil }
    return finish(join)
  }

  /// Whether a replay has progressed further than any before it; checked after each
  /// ``take(_:remembers:)`` that returned nil.
  mutating func hasAdvanced() -> Bool {
    let count = seam?.held.count ?? 0
    defer { mostHeld = max(mostHeld, count) }
    return count > mostHeld
  }

  private mutating func finish(_ join: ReplaySeam.Join) -> Delivery {
    let held = seam?.held ?? []
    (seam, mostHeld) = (nil, 0)
    note(UInt64(join.news.count))
    if join.gap == nil {
      tail.append(join.news)
    } else {
      isWhole = false
      // The replay is complete in itself, and no later one starts before it.
      tail.restart(with: held)
    }
    return Delivery(gap: join.gap, bytes: join.news)
  }
}

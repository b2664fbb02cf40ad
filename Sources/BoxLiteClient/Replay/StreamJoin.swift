import ExecModel

/// One stream across all connections: what was received, and how a new connection's bytes join it.
struct StreamJoin {
  /// What to report.
  struct Delivery: Equatable {
    /// A gap before the bytes.
    var gap: OutputGap?
    /// Bytes that follow.
    var bytes: [UInt8]
  }

  /// How the server gives a stream to who attaches.
  enum Replay {
    /// From the byte that was asked for.
    case exact
    /// Its backlog, whatever was asked for; the gap says what it means if that does not reach back to the first byte.
    case backlog(late: OutputGap)
    /// All of it, from the first byte on.
    case whole
  }

  /// Bytes that were received and not thrown away as repeated.
  private(set) var count: UInt64 = 0
  /// Whether they are the stream's first `count` bytes.
  private var isWhole = true
  private var tail = StreamTail()
  private var seam: ReplaySeam?
  /// Bytes of a whole replay that were received already.
  private var skip: UInt64 = 0

  /// The most bytes of a replay that were held back without an answer.
  private var mostHeld = 0

  /// Whether bytes of a replay are held back.
  var isHolding: Bool { seam?.held.isEmpty == false }

  /// Whether bytes can be passed on as they are.
  var isPlain: Bool { seam == nil && skip == 0 }

  /// A connection begins; what an earlier one's replay held back comes again.
  mutating func begin(_ replay: Replay) {
    (seam, skip) = (nil, 0)
    switch replay {
    case .exact: break
    case .backlog(let late): seam = ReplaySeam(tail: tail.bytes, isWhole: isWhole && isInTail, late: late)
    case .whole: skip = count
    }
  }

  private var isInTail: Bool { count == UInt64(tail.bytes.count) }

  /// Takes a connection's next bytes; what is nil is held back.
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

  /// Notes bytes that were passed on as they were.
  mutating func note(_ count: UInt64) { self.count &+= count }

  /// The server has let go of what comes before this offset.
  mutating func jump(to offset: UInt64) {
    count = offset
    isWhole = false
    skip = 0
  }

  /// Nothing came for a while: decides if it can be.
  mutating func settle() -> Delivery? {
    guard let join = seam?.settle() else { return nil }
    return finish(join)
  }

  /// Nothing comes any more.
  mutating func end() -> Delivery? {
    guard let join = seam?.finish() else { return nil }
    return finish(join)
  }

  /// Whether a replay has come further than any before it; asked after each ``take(_:remembers:)`` that gave nothing.
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
      // The replay is whole in itself, and no later one begins before it.
      tail.restart(with: held)
    }
    return Delivery(gap: join.gap, bytes: join.news)
  }
}

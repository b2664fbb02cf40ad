/// How long an execution may stay *draining*: exited, with a stream that another process still holds open.
public enum DrainPolicy: Hashable, Sendable {
  /// Wait for the end of every stream, however long a descendant holds it. Cuts no stream; the default.
  case untilEndOfStream
  /// Give up after `grace` without output (each chunk restarts it), and at the latest after `limit`.
  case untilIdle(grace: Duration, limit: Duration)
  /// Read what the kernel's buffer holds at the exit, then stop, as swift-subprocess does.
  case untilEmpty
}

extension DrainPolicy {
  /// Parses `eof`, `empty` or `idle=2s,max=10s` (either part may be omitted; the defaults are 2 s and 10 s).
  ///
  /// - Throws: ``TextValueError`` that names the invalid part.
  public init(text: String) throws(TextValueError) {
    switch text {
    case "eof": self = .untilEndOfStream
    case "empty": self = .untilEmpty
    default: self = try Self.idlePolicy(text)
    }
  }

  private static func idlePolicy(_ text: String) throws(TextValueError) -> DrainPolicy {
    var grace: Duration?
    var limit: Duration?
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { throw unknown(text) }
      switch pair[0] {
      case "idle": grace = try Duration(boxwatchText: String(pair[1]))
      case "max": limit = try Duration(boxwatchText: String(pair[1]))
      default: throw unknown(text)
      }
    }
    guard grace != nil || limit != nil else { throw unknown(text) }
    let absolute = limit ?? .seconds(10)
    return .untilIdle(grace: min(grace ?? .seconds(2), absolute), limit: absolute)
  }

  private static func unknown(_ text: String) -> TextValueError {
    TextValueError("'\(text)' is not a drain policy; use eof, empty, or idle=2s,max=10s")
  }

  /// The policy in the syntax of ``init(text:)``.
  public var text: String {
    switch self {
    case .untilEndOfStream: "eof"
    case .untilEmpty: "empty"
    case .untilIdle(let grace, let limit): "idle=\(grace.boxwatchText),max=\(limit.boxwatchText)"
    }
  }
}

extension Duration {
  private static let units: [(suffix: String, attoseconds: Int64, seconds: Int64)] = [
    ("ms", 1_000_000_000_000_000, 0), ("s", 0, 1), ("m", 0, 60), ("h", 0, 3600),
  ]

  /// Parses a duration in boxwatch's syntax: `500ms`, `2s`, `1.5s`, `5m`, `1h`.
  ///
  /// - Throws: ``TextValueError`` for a missing unit, a negative number, or 18 billion seconds (570 years) and more.
  public init(boxwatchText text: String) throws(TextValueError) {
    for unit in Self.units where text.hasSuffix(unit.suffix) {
      guard let value = Self.number(text.dropLast(unit.suffix.count)) else { continue }
      let seconds = value * (Double(unit.seconds) + Double(unit.attoseconds) / 1e18)
      guard seconds < 1.8e10 else { throw TextValueError("'\(text)' is too long") }
      self = .milliseconds(Int64((seconds * 1000).rounded()))
      return
    }
    throw TextValueError("'\(text)' is not a duration; use 500ms, 2s, 5m or 1h")
  }

  private static func number(_ text: Substring) -> Double? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }) else { return nil }
    return Double(text)
  }

  /// The longest duration that fits `UInt64` nanoseconds; a spec read from a file may hold a longer one.
  private static var longest: Duration { .seconds(18_446_744_073) }

  /// The duration in the largest unit that represents it exactly: `90s`, `2m`, `250ms`; 0 when negative, at most 584
  /// years.
  public var boxwatchText: String {
    let (seconds, attoseconds) = min(max(self, .zero), Self.longest).components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    if milliseconds % 1000 != 0 { return "\(milliseconds)ms" }
    if seconds % 3600 == 0, seconds > 0 { return "\(seconds / 3600)h" }
    if seconds % 60 == 0, seconds > 0 { return "\(seconds / 60)m" }
    return "\(seconds)s"
  }

  /// The duration in whole nanoseconds, 0 when negative, saturating at `UInt64.max`.
  public var nanoseconds: UInt64 {
    guard self > .zero else { return 0 }
    guard self < Self.longest else { return .max }
    return UInt64(components.seconds) &* 1_000_000_000 &+ UInt64(components.attoseconds / 1_000_000_000)
  }
}

/// How much of one execution's output is kept on disk.
public enum JournalLimit: Hashable, Sendable {
  /// Keep everything; never evict.
  case all
  /// Keep at most this many bytes; the oldest are evicted, and the gap is shown.
  case bytes(UInt64)

  /// The default of `--keep`: 4 GiB.
  public static let standard = JournalLimit.bytes(4 << 30)
  /// The smallest limit; below it a single read of a pipe would not fit.
  public static let smallest: UInt64 = 4 << 20

  /// Parses `all`, or a size such as `512M` or `4G` (powers of 1024), at least 4M.
  ///
  /// - Throws: ``TextValueError`` for any other text.
  public init(text: String) throws(TextValueError) {
    guard text != "all" else {
      self = .all
      return
    }
    let shifts: [Character: UInt64] = ["K": 10, "M": 20, "G": 30, "T": 40, "k": 10, "m": 20, "g": 30, "t": 40]
    guard let last = text.last, let shift = shifts[last], let count = UInt64(text.dropLast()), count < 1 << 20
    else { throw TextValueError("'\(text)' is not a size; use 512M, 4G or all") }
    guard count << shift >= Self.smallest else { throw TextValueError("'\(text)' is too small: keep at least 4M") }
    self = .bytes(count << shift)
  }
}

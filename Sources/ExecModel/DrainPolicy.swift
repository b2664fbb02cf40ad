/// How long an execution may stay *draining*: exited, with a stream that something still holds open.
public enum DrainPolicy: Hashable, Sendable, Codable {
  /// Wait for the end of every stream, however long a grandchild holds it. Never cuts; the default.
  case untilEndOfStream
  /// Give up when no byte came for `grace` (which starts again with every chunk), and at the latest after `limit`.
  case untilIdle(grace: Duration, limit: Duration)
  /// Empty what the kernel's buffer holds at the exit, then stop: what swift-subprocess does.
  case untilEmpty
}

extension DrainPolicy {
  /// Reads `eof`, `empty` or `idle=2s,max=10s` (either part may be left out: 2 s and 10 s).
  ///
  /// - Throws: ``TextValueError`` that says which part is wrong.
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
    TextValueError("'\(text)' is no drain policy: write eof, empty, or idle=2s,max=10s")
  }

  /// The policy as ``init(text:)`` reads it.
  public var text: String {
    switch self {
    case .untilEndOfStream: "eof"
    case .untilEmpty: "empty"
    case .untilIdle(let grace, let limit): "idle=\(grace.boxwatchText),max=\(limit.boxwatchText)"
    }
  }
}

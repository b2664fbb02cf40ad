import BoxLiteWire
public import ExecModel

/// A server setting, by its name as an option and in the configuration file.
public enum ServerSetting: String, Hashable, Sendable, CaseIterable {
  // BoxLite's own: BOXLITE_RECONNECT_GRACE, BOXLITE_SHUTDOWN_GRACE, BOXLITE_MAX_SESSION_LIFETIME.
  case reconnectGrace = "reconnect-grace"
  case shutdownGrace = "shutdown-grace"
  case maxSessionLifetime = "max-session-lifetime"
  case retention
  case handOver = "hand-over"
  case ping, silence
  case writeTimeout = "write-timeout"
  case requestTimeout = "request-timeout"
  case maxBody = "max-body"
  case maxFrame = "max-frame"
  case maxInput = "max-input"
  case maxSockets = "max-sockets"
  case maxStrangers = "max-strangers"
  case maxStrangersOfAnAddress = "max-strangers-per-address"
  case keyTimeout = "key-timeout"
  case maxBoxes = "max-boxes"
  case maxBoxSize = "max-box-size"
  case maxBoxesSize = "max-boxes-size"
  case maxExecutions = "max-executions"
  case maxExecutionsSize = "max-executions-size"
  case signals

  /// A short description.
  public var meaning: String {
    switch self {
    case .reconnectGrace: "how long a command may run without an attached client before it gets HUP, then TERM and KILL"
    case .shutdownGrace: "the time between HUP, TERM and KILL"
    case .maxSessionLifetime: "how long a command may run at all"
    case .retention: "how long clients can still ask for a finished execution"
    case .handOver: "how long the status stays running for a client that was disconnected before the exit frame"
    case .ping: "the time between two pings"
    case .silence: "how long a client may leave pings unanswered"
    case .writeTimeout: "how long a client may read nothing while output waits for it"
    case .requestTimeout: "how long a request may take to arrive"
    case .maxBody: "the largest body of a request"
    case .maxFrame: "the largest WebSocket message"
    case .maxInput: "the most input that may wait for a command to read it"
    case .maxSockets: "the most connections at a time"
    case .maxStrangers: "the most connections that have not sent a key yet: a new one replaces the oldest"
    case .maxStrangersOfAnAddress: "the most of them from one address"
    case .keyTimeout: "how long a connection may take to send its key"
    case .maxBoxes: "the most boxes at a time"
    case .maxBoxSize: "the most bytes of one box's variables, labels and names"
    case .maxBoxesSize: "the most bytes of all boxes"
    case .maxExecutions: "the most commands that run at a time"
    case .maxExecutionsSize: "the most bytes of all known commands: the oldest are removed first"
    case .signals: "the signals that clients may send"
    }
  }
}

extension ServerSetting {
  /// Longer than any server runs, and short enough to be counted in nanoseconds.
  private static let never = Duration.seconds(3_153_600_000)

  private enum Place {
    case time(WritableKeyPath<ServerTimes, Duration>, ClosedRange<Duration>, canBeNever: Bool = false)
    case size(WritableKeyPath<ServerLimits, Int>, ClosedRange<Int>)
    case count(WritableKeyPath<ServerLimits, Int>, ClosedRange<Int>)
    case signals
  }

  private var place: Place {
    let (hour, year) = (Duration.seconds(3600), Duration.seconds(31_536_000))
    return switch self {
    case .reconnectGrace: .time(\.reconnect, .seconds(1)...year, canBeNever: true)
    case .shutdownGrace: .time(\.shutdown, .milliseconds(100)...hour)
    case .maxSessionLifetime: .time(\.session, .seconds(1)...year, canBeNever: true)
    case .retention: .time(\.retention, .seconds(1)...year)
    case .handOver: .time(\.handOver, .zero...hour)
    // Older BoxLite clients disconnect after 45 s without a frame.
    case .ping: .time(\.ping, .seconds(1)...(.seconds(40)))
    case .silence: .time(\.silence, .seconds(2)...hour)
    case .writeTimeout: .time(\.write, .seconds(1)...hour)
    case .requestTimeout: .time(\.request, .seconds(1)...hour)
    case .maxBody: .size(\.body, 1 << 10...1 << 28)
    case .maxFrame: .size(\.frame, 1 << 10...1 << 28)
    case .maxInput: .size(\.pendingInput, 1 << 10...1 << 30)
    case .maxSockets: .count(\.sockets, 1...1_000_000)
    case .maxStrangers: .count(\.strangers, 1...1_000_000)
    case .maxStrangersOfAnAddress: .count(\.strangersOfAnAddress, 1...1_000_000)
    case .keyTimeout: .time(\.key, .seconds(1)...hour)
    case .maxBoxes: .count(\.boxes, 1...1_000_000)
    case .maxBoxSize: .size(\.box, 1 << 10...1 << 28)
    case .maxBoxesSize: .size(\.allBoxes, 1 << 10...1 << 40)
    case .maxExecutions: .count(\.executions, 1...1_000_000)
    case .maxExecutionsSize: .size(\.allExecutions, 1 << 20...1 << 40)
    case .signals: .signals
    }
  }

  /// Sets it from a text such as `5m`, `never`, `4M`, `1024` or `HUP,INT,15`.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` that says what to write.
  public func set(_ text: String, in configuration: inout ServerConfiguration) throws(TextValueError) {
    switch place {
    case .time(let path, let range, let canBeNever):
      configuration.times[keyPath: path] = try Self.time(text, range, canBeNever)
    case .size(let path, let range):
      guard let size = Self.size(text), range.contains(size) else {
        throw TextValueError(
          "'\(text)' is not a size from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound)); use 512K or 4M"
        )
      }
      configuration.limits[keyPath: path] = size
    case .count(let path, let range):
      guard let count = Int(text), range.contains(count) else {
        throw TextValueError("'\(text)' is not a number from \(range.lowerBound) to \(range.upperBound)")
      }
      configuration.limits[keyPath: path] = count
    case .signals: configuration.signals = try Self.signals(text)
    }
  }

  /// Its value in a configuration, in the form that ``set(_:in:)`` parses.
  public func text(in configuration: ServerConfiguration) -> String {
    switch place {
    case .time(let path, _, _):
      let time = configuration.times[keyPath: path]
      return time == Self.never ? "never" : time.boxwatchText
    case .size(let path, _): return Self.text(configuration.limits[keyPath: path])
    case .count(let path, _): return String(configuration.limits[keyPath: path])
    case .signals:
      return configuration.signals == SignalBody.all
        ? "all"
        : configuration.signals.map { String(Signal(number: $0).name.trimmingPrefix("SIG")) }.joined(separator: ",")
    }
  }

  private static func time(
    _ text: String, _ range: ClosedRange<Duration>, _ canBeNever: Bool
  ) throws(TextValueError) -> Duration {
    if canBeNever, text == "never" { return never }
    let time = try Duration(boxwatchText: text)
    guard range.contains(time) else {
      let words = canBeNever ? ", or never" : ""
      throw TextValueError(
        "'\(text)' is not a duration from \(range.lowerBound.boxwatchText) to \(range.upperBound.boxwatchText)\(words)")
    }
    return time
  }

  private static func size(_ text: String) -> Int? {
    let shifts: [Character: Int] = ["K": 10, "M": 20, "G": 30]
    guard let last = text.last, let shift = shifts[last] else { return Int(text) }
    guard let count = Int(text.dropLast()), (0..<1 << 20).contains(count) else { return nil }
    return count << shift
  }

  private static func text(_ size: Int) -> String {
    for (suffix, shift) in [("G", 30), ("M", 20), ("K", 10)] where size != 0 && size % (1 << shift) == 0 {
      return "\(size >> shift)\(suffix)"
    }
    return String(size)
  }

  private static func signals(_ text: String) throws(TextValueError) -> [Int32] {
    if text == "all" { return SignalBody.all }
    var signals: [Int32] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let signal = Signal(text: String(word)) else {
        throw TextValueError("'\(word)' is not a signal; use all, or names and numbers such as HUP,INT,15")
      }
      signals.append(signal.number)
    }
    return signals
  }
}

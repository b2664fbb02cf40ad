/// That an execution's record ends before the execution, since it could not be written.
public struct RecordLoss: Hashable, Sendable, Codable {
  /// Why, by error number (errno(3)).
  public var errno: Int32
  /// The first byte of each stream that is not recorded.
  public var offsets: StreamCounts
  /// Whether it was said beforehand that this may happen (``RecordFailurePolicy/goOn``).
  public var isAccepted: Bool

  /// What a shell gets for a loss that was not accepted.
  public static let shellCode: Int32 = 125

  /// Makes a loss.
  public init(errno: Int32, offsets: StreamCounts = .init(), isAccepted: Bool = false) {
    self.errno = errno
    self.offsets = offsets
    self.isAccepted = isAccepted
  }

  /// Why, in a few words.
  public var reason: String { SystemErrorText.words(errno) }

  /// One clause for a person.
  public var words: String {
    "the record is lost from byte \(offsets.stdout) of stdout and byte \(offsets.stderr) of stderr on (\(reason))"
  }
}

/// What becomes of a command whose record cannot be written.
public enum RecordFailurePolicy: String, Hashable, Sendable, Codable, CaseIterable {
  /// The command waits as long as the failure can lift, as a full disk can; else the record is given up and it goes on.
  case wait
  /// The record is given up at the first failure, and the command is asked to end (TERM, then KILL).
  case stop
  /// The record is given up at the first failure, and the command goes on.
  case goOn = "go-on"

  /// Reads `stop`, `wait` or `go-on`.
  ///
  /// - Throws: ``TextValueError`` for anything else.
  public init(text: String) throws(TextValueError) {
    guard let policy = RecordFailurePolicy(rawValue: text) else {
      throw TextValueError("'\(text)' is nothing to do when the record fails: write stop, wait or go-on")
    }
    self = policy
  }
}

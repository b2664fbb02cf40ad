public import ExecModel

extension Scenario {
  /// A source's step by its index, from 0; nil beyond its last.
  public func step(_ source: Source, _ index: Int) -> Step? {
    guard index >= 0, index < length(source) else { return nil }
    switch source {
    case .stdout: return index < chunks(.stdout) ? .chunk(.stdout, index) : .endOfStream(.stdout)
    case .stderr: return index < chunks(.stderr) ? .chunk(.stderr, index) : .endOfStream(.stderr)
    case .exit: return .exit
    case .waiter: return .waiter(index)
    case .lateWaiter: return .lateWaiter(waiters)
    case .grandchild: return index == 0 ? .grandchildWrites : .grandchildEnds
    case .deadline: return .deadline
    case .forceClose: return .forceClose
    }
  }

  /// The next step of a source, enabled or not; nil when it has none left.
  public func nextStep(_ source: Source, at position: Position) -> Step? { step(source, position[source]) }

  /// The remaining steps of a source, in order.
  public func pending(_ source: Source, at position: Position) -> [Step] {
    guard position[source] < length(source) else { return [] }
    return (position[source]..<length(source)).compactMap { step(source, $0) }
  }

  /// Whether the source's next step is enabled.
  public func isEnabled(_ source: Source, at position: Position) -> Bool {
    let index = position[source]
    guard index < length(source) else { return false }
    switch source {
    case .stdout:
      guard hasGrandchild, index >= stdout else { return true }
      // The late chunk must have been written, and the end comes after the last holder has ended.
      return position[.grandchild] >= (index == stdout ? 1 : 2)
    case .lateWaiter, .deadline: return position[.exit] > 0
    case .stderr, .exit, .waiter, .grandchild, .forceClose: return true
    }
  }

  /// Why the source's next step is not enabled, for display; nil when it is, or when there is none left.
  public func obstacle(_ source: Source, at position: Position) -> String? {
    guard position[source] < length(source), !isEnabled(source, at: position) else { return nil }
    switch source {
    case .stdout: return position[.grandchild] == 0 ? "the grandchild has not written yet" : "the grandchild lives"
    case .lateWaiter, .deadline: return "comes after the exit"
    case .stderr, .exit, .waiter, .grandchild, .forceClose: return nil
    }
  }

  /// Whether all steps have happened.
  public func isComplete(at position: Position) -> Bool {
    Source.allCases.allSatisfy { position[$0] == length($0) }
  }

  /// The number of chunks of a stream written so far, delivered or not.
  func written(_ stream: ExecStream, at position: Position) -> Int {
    switch stream {
    case .stdout: position[.grandchild] > 0 ? stdout + 1 : stdout
    case .stderr: stderr
    }
  }

  /// Whether a grandchild holds the stream now.
  func isHeld(_ stream: ExecStream, at position: Position) -> Bool {
    stream == .stdout && hasGrandchild && position[.grandchild] < 2
  }

  /// The text of a chunk: `first-output` and a newline, 13 bytes, for stdout's first, as in the original report.
  public func text(_ stream: ExecStream, chunk: Int) -> String {
    if stream == .stdout, hasGrandchild, chunk == stdout { return "late-output\n" }
    let words = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
    let noun = stream == .stdout ? "output" : "warning"
    return words.indices.contains(chunk) ? "\(words[chunk])-\(noun)\n" : "\(noun)-\(chunk &+ 1)\n"
  }
}

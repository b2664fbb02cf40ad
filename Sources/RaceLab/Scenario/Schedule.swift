public import ExecModel

/// One step of a schedule.
public enum Step: Hashable, Sendable {
  /// A pump delivers a chunk, by its number in the stream.
  case chunk(ExecStream, Int)
  /// A pump delivers the end of its stream.
  case endOfStream(ExecStream)
  /// The reaper reports the exit.
  case exit
  /// A waiter arrives, by its number.
  case waiter(Int)
  /// The late waiter arrives; its number is the one after the others.
  case lateWaiter(Int)
  /// The grandchild writes its chunk into stdout's pipe.
  case grandchildWrites
  /// The grandchild ends, and with it the last holder of stdout's pipe.
  case grandchildEnds
  /// The timer after the exit fires.
  case deadline
  /// The execution is force-closed.
  case forceClose

  /// Its letter in a schedule's text; a capital letter is an end.
  public var letter: Character {
    switch self {
    case .chunk(.stdout, _): "o"
    case .chunk(.stderr, _): "e"
    case .endOfStream(.stdout): "O"
    case .endOfStream(.stderr): "E"
    case .exit: "x"
    case .waiter: "w"
    case .lateWaiter: "l"
    case .grandchildWrites: "g"
    case .grandchildEnds: "G"
    case .deadline: "d"
    case .forceClose: "f"
    }
  }

  /// The display name: `stdout chunk 1`, counted from 1.
  public var name: String {
    switch self {
    case .chunk(let stream, let index): "\(stream.name) chunk \(index &+ 1)"
    case .endOfStream(let stream): "end of \(stream.name)"
    case .exit: "exit"
    case .waiter(let index): "waiter \(index &+ 1) arrives"
    case .lateWaiter: "late waiter arrives"
    case .grandchildWrites: "grandchild writes"
    case .grandchildEnds: "grandchild ends"
    case .deadline: "deadline"
    case .forceClose: "force close"
    }
  }
}

/// The number of steps that each source has taken, independent of their order.
public struct Position: Hashable, Sendable {
  /// One byte for each source.
  fileprivate var packed: UInt64 = 0

  /// The start, before any step.
  public init() {}

  /// The number of steps that a source has taken.
  public subscript(source: Source) -> Int {
    Int(truncatingIfNeeded: packed >> (UInt64(source.rawValue) &* 8)) & 0xFF
  }

  /// Counts one more step of a source.
  mutating func advance(_ source: Source) { packed &+= 1 &<< (UInt64(source.rawValue) &* 8) }
}

extension Position {
  /// Sets the number of steps of a source, 0 to 255.
  mutating func set(_ source: Source, _ count: Int) {
    let shift = UInt64(source.rawValue) &* 8
    packed = packed & ~(0xFF &<< shift) | UInt64(UInt8(truncatingIfNeeded: count)) &<< shift
  }
}

/// A scenario and the order of its steps, complete or a prefix.
///
/// Its text is self-contained: see ``init(text:)``.
public struct Schedule: Hashable, Sendable {
  /// The scenario.
  public let scenario: Scenario
  /// The source of each step, in order.
  public let sources: [Source]

  /// Makes a schedule that is already validated.
  init(checked scenario: Scenario, _ sources: [Source]) {
    self.scenario = scenario
    self.sources = sources
  }

  /// Makes a schedule; nil when a step is not enabled at its position.
  public init?(_ scenario: Scenario, _ sources: [Source]) {
    var position = Position()
    for source in sources {
      guard scenario.isEnabled(source, at: position) else { return nil }
      position.advance(source)
    }
    self.init(checked: scenario, sources)
  }

  /// The steps, in order.
  public var steps: [Step] {
    var position = Position()
    return sources.compactMap { source in
      defer { position.advance(source) }
      return scenario.nextStep(source, at: position)
    }
  }

  /// The position after its steps.
  public var position: Position { sources.reduce(into: Position()) { $0.advance($1) } }

  /// Whether all steps have happened.
  public var isComplete: Bool { scenario.isComplete(at: position) }

  /// The schedule continued to its end: every further step is the first enabled one in the lab's order.
  public var completed: Schedule {
    var all = sources
    var position = position
    while let next = Source.allCases.first(where: { scenario.isEnabled($0, at: position) }) {
      all.append(next)
      position.advance(next)
    }
    return Schedule(checked: scenario, all)
  }
}

extension Schedule {
  /// Parses a schedule's text: a scenario, a colon, and a letter for each step.
  ///
  /// ```
  /// schedule  = scenario ":" { step | separator }
  /// scenario  = "o" number "e" number [ "w" number ] [ "l" ] [ "g" ] [ "d" ] [ "f" ]
  /// step      = "o" | "e" | "O" | "E" | "x" | "w" | "l" | "g" | "G" | "d" | "f"
  /// separator = " " | "." | "," | "-" | "_"
  /// ```
  ///
  /// In the scenario `o2` is two chunks of stdout, `e1` one of stderr, `w2` two waiters, `l` a late waiter, `g` a
  /// grandchild, `d` a deadline, `f` a force close. As steps, `o` and `e` are chunks, `O` and `E` the ends of stream,
  /// `x` the exit, `w` a waiter, `l` the late one, `g` the grandchild writes and `G` it ends, `d` the deadline, `f` the
  /// force close: a capital letter is an end. `o1e1:xoOeE` needs no quotes in any shell. Steps may stop before the end.
  ///
  /// - Throws: ``ScheduleError`` with the column and what was expected there.
  public init(text: String) throws(ScheduleError) {
    var reader = ScheduleReader(text)
    let scenario = try reader.scenario()
    self.init(checked: scenario, try reader.steps(of: scenario))
  }

  /// The text in the syntax of ``init(text:)``, without separators.
  public var text: String { scenario.text + ":" + String(steps.map(\.letter)) }
}

extension Scenario {
  /// The scenario's part of a schedule's text: `o1e1w2lgdf`.
  public var text: String {
    "o\(stdout)e\(stderr)" + (waiters > 0 ? "w\(waiters)" : "") + (hasLateWaiter ? "l" : "")
      + (hasGrandchild ? "g" : "") + (hasDeadline ? "d" : "") + (hasForceClose ? "f" : "")
  }
}

/// A small deterministic random generator (Steele, Lea and Flood 2014).
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
  private var state: UInt64

  /// Starts from a seed.
  public init(seed: UInt64) { state = seed }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// All schedules of a scenario, counted before any of them is run.
///
/// A schedule is a linear extension of the steps' partial order. The number of continuations of a position is the sum
/// of those after each enabled step; positions are visited from the last to the first, each once.
public struct ScheduleSpace: Sendable {
  /// The scenario.
  public let scenario: Scenario
  /// The number of continuations of each position, by its index.
  private let counts: [UInt128]
  /// The difference that one step of a source makes to a position's index.
  private let strides: [Int]

  /// Counts the schedules of a scenario.
  public init(_ scenario: Scenario) {
    self.scenario = scenario
    var strides: [Int] = []
    var size = 1
    for source in Source.allCases {
      strides.append(size)
      size *= scenario.length(source) + 1
    }
    self.strides = strides
    counts = Self.count(scenario, strides, size)
  }

  /// The number of complete schedules; `UInt128.max` stands for an overflow, which the scenario's bounds rule out.
  public var count: UInt128 { counts[0] }

  /// The number of continuations from a position to the end; 0 from one that is in no schedule.
  public func count(from position: Position) -> UInt128 {
    var index = 0
    for source in Source.allCases { index += position[source] * strides[Int(source.rawValue)] }
    return counts.indices.contains(index) ? counts[index] : 0
  }

  private static func count(_ scenario: Scenario, _ strides: [Int], _ size: Int) -> [UInt128] {
    var counts = [UInt128](repeating: 0, count: size)
    counts[size - 1] = 1
    for index in (0..<(size - 1)).reversed() {
      let position = position(index, scenario)
      var sum: UInt128 = 0
      for source in Source.allCases where scenario.isEnabled(source, at: position) {
        let (total, overflow) = sum.addingReportingOverflow(counts[index + strides[Int(source.rawValue)]])
        sum = overflow ? .max : total
      }
      counts[index] = sum
    }
    return counts
  }

  private static func position(_ index: Int, _ scenario: Scenario) -> Position {
    var rest = index
    var position = Position()
    for source in Source.allCases {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: scenario.length(source) + 1)
      position.set(source, remainder)
      rest = quotient
    }
    return position
  }

  /// Draws one schedule; all are equally likely.
  public func sample(_ generator: inout SplitMix64) -> [Source] {
    var sources: [Source] = []
    sources.reserveCapacity(scenario.stepCount)
    var position = Position()
    var index = 0
    while let source = draw(at: position, index, &generator) {
      sources.append(source)
      position.advance(source)
      index += strides[Int(source.rawValue)]
    }
    return sources
  }

  /// Draws a next step, with a probability equal to its share of the schedules; nil at the end.
  private func draw(at position: Position, _ index: Int, _ generator: inout SplitMix64) -> Source? {
    var left = UInt128.random(in: 0..<counts[index], using: &generator)
    for source in Source.allCases where scenario.isEnabled(source, at: position) {
      let share = counts[index + strides[Int(source.rawValue)]]
      if left < share { return source }
      left -= share
    }
    return nil
  }
}

extension Scenario {
  /// The number of schedules, counted without enumerating them.
  public var scheduleCount: UInt128 { ScheduleSpace(self).count }
}

import JSON
import Testing

@testable import ContainerBoxes

/// The decisions about a container's log, without an engine.
struct LogMachineTests {
  private typealias Input = LogMachine.Input
  private typealias Action = LogMachine.Action

  private static let error = EngineAPIError(.cut, "cut")
  private static let refusal = EngineAPIError(.refused(404), "no such container")

  private static func container(
    _ isRunning: Bool, code: Int32 = 0, start: String = "2026"
  ) throws -> ContainerInspection {
    let state = JSONValue.object([
      "Running": .bool(isRunning), "ExitCode": .integer(Int64(code)), "StartedAt": .string(start),
    ])
    return try #require(ContainerInspection(.object(["Id": .string("c"), "State": state])))
  }

  private func run(follows: Bool, isRunning: Bool = true, _ inputs: [(Input, UInt64)]) throws -> [Action] {
    var machine = LogMachine(try Self.container(isRunning, code: 3), follows: follows)
    return inputs.map { machine.apply($0.0, at: $0.1) }
  }

  @Test func `a log that is followed is read once more after the container's end`() throws {
    let over = try Self.container(false, code: 3)
    #expect(
      try run(
        follows: true,
        [
          (.start, 0), (.opened, 0), (.ended(isWhole: true), 9), (.due, 9), (.answer(over), 9), (.opened, 9),
          (.ended(isWhole: true), 9),
        ]) == [
          .open(follows: true), .begin, .wait(20_000_000), .ask, .open(follows: false), .read,
          .finish(3, isWhole: true),
        ])
  }

  @Test func `a log that cannot be followed is read again and again, a tenth of the time`() throws {
    let (running, second) = (try Self.container(true), UInt64(1_000_000_000))
    #expect(
      try run(
        follows: false,
        [
          (.start, 0), (.opened, 0), (.ended(isWhole: true), second), (.due, 11 * second),
          (.answer(running), 11 * second), (.opened, 11 * second), (.ended(isWhole: true), 11 * second + 1),
        ]) == [
          .open(follows: false), .begin, .wait(10_000_000_000), .ask, .open(follows: false), .read, .wait(100_000_000),
        ])
  }

  @Test func `a container that is over is read once`() throws {
    #expect(
      try run(follows: true, isRunning: false, [(.start, 0), (.opened, 0), (.ended(isWhole: false), 1)])
        == [.open(follows: false), .begin, .finish(3, isWhole: false)])
  }

  @Test func `a container that was started again is lost`() throws {
    let again = try Self.container(true, start: "2027")
    #expect(
      try run(
        follows: true,
        [(.start, 0), (.opened, 0), (.ended(isWhole: true), 1), (.due, 1), (.answer(again), 1), (.opened, 1)]
      ).suffix(2) == [.lose(.startedAgain), .drop])
  }

  @Test func `an engine that is restarted is tried for fifty times, and a refusal ends at once`() throws {
    let start: [(Input, UInt64)] = [(.start, 0), (.opened, 0), (.ended(isWhole: false), 1), (.due, 1)]
    #expect(try run(follows: true, start + [(.noAnswer(Self.refusal), 1)]).last == .lose(.engine(Self.refusal)))
    var machine = LogMachine(try Self.container(true), follows: true)
    for (input, now) in start { _ = machine.apply(input, at: now) }
    var action = machine.apply(.noAnswer(Self.error), at: 1)
    var asked = 1
    while action == .wait(100_000_000) {
      #expect(machine.apply(.due, at: 1) == .ask)
      asked += 1
      action = machine.apply(.noAnswer(Self.error), at: 1)
    }
    #expect(action == .lose(.engine(Self.error)) && asked == 50)
  }

  @Test func `a log that cannot be read at first is a failure, and later tried again`() throws {
    let over = try Self.container(false)
    #expect(try run(follows: true, [(.start, 0), (.refused(Self.error), 0)]).last == .fail(Self.error))
    #expect(
      try run(
        follows: true,
        [
          (.start, 0), (.opened, 0), (.ended(isWhole: true), 1), (.due, 1), (.answer(over), 1),
          (.refused(Self.error), 1),
        ]
      ).last == .wait(100_000_000))
  }

  @Test(arguments: [true, false], [true, false])
  func `whatever comes, it ends once, and no code is reported but the engine's`(follows: Bool, isRunning: Bool) throws {
    let inputs: [Input] = [
      .start, .opened, .refused(Self.error), .ended(isWhole: true), .ended(isWhole: false), .due,
      .answer(try Self.container(true)), .answer(try Self.container(false, code: 3)),
      .answer(try Self.container(true, start: "2027")), .noAnswer(Self.error), .noAnswer(Self.refusal), .released,
    ]
    let first = LogMachine(try Self.container(isRunning, code: 3), follows: follows)
    let states = ReachableStates(from: [first], inputs) { $0.apply($1, at: 0) }
    for step in states.all {
      let (from, to) = (step.machine.state, step.next.state)
      if from == .over { #expect(step.action == .drop) }
      if step.action == .drop { #expect(step.next == step.machine) }
      switch step.action {
      case .finish(let code, _): #expect(from == .reading && to == .over && code == 3)
      case .fail: #expect(from == .opening && to == .over)
      case .lose: #expect([.opening, .asking].contains(from) && to == .over)
      case .close: #expect(to == .over && step.input == .released)
      case .begin, .read: #expect(from == .opening && to == .reading)
      case .none, .drop, .open, .wait, .ask: #expect(to != .over || from == .over)
      }
    }
    #expect(states.withoutWay { $0.state == .over }.isEmpty)
  }
}

import ExecEngine
import ExecModel
import JSON
import Testing

@testable import ContainerBoxes

/// The decisions about one exec, without an engine.
struct ExecMachineTests {
  private typealias Held = FrameStream.Held
  private typealias Question = ExecMachine.Question
  private typealias Step = (input: ExecMachine.Input, held: FrameStream.Held)

  private static let nothing = Held()
  private static let some = Held(isEmpty: false)
  private static let ended = Held(hasEnded: true)
  private static let endedWithOutput = Held(hasEnded: true, isEmpty: false)
  private static let much = Held(isEmpty: false, isLarge: true)
  private static let error = EngineAPIError(.cut, "cut")
  private static let failure = BoxError(.notFound, "there is no command")

  private static func state(_ isRunning: Bool, code: Int32? = nil, process: Int32 = 0) throws -> ExecInspection {
    let json = JSONValue.object([
      "Running": .bool(isRunning), "ExitCode": code.map { .integer(Int64($0)) }, "Pid": .integer(Int64(process)),
    ])
    return try #require(ExecInspection(json))
  }

  private func run(_ steps: [Step]) -> [ExecMachine.Action] {
    var machine = ExecMachine()
    return steps.map { machine.apply($0.input, $0.held) }
  }

  @Test func `a command runs, ends, and its code follows the streams`() throws {
    let (running, over) = (try Self.state(true, process: 7), try Self.state(false, code: 3))
    #expect(
      run([
        (.opened, Self.nothing), (.arrived, Self.some), (.answer(.start, running), Self.some),
        (.delivered, Self.ended), (.answer(.code, running), Self.ended), (.due(.code), Self.ended),
        (.answer(.code, over), Self.ended), (.released, Self.ended),
      ]) == [
        .wait(.start, 60), .ask(.start), .begin(running), .ask(.code), .wait(.code, 2), .ask(.code), .finish(3), .drop,
      ])
  }

  @Test func `a short command's code is taken from the answer about its start`() throws {
    let over = try Self.state(false, code: 3, process: 7)
    #expect(
      run([
        (.opened, Self.endedWithOutput), (.due(.start), Self.endedWithOutput), (.answer(.start, over), Self.ended),
        (.delivered, Self.ended),
      ]) == [.wait(.start, 2), .ask(.start), .begin(over), .finish(3)])
  }

  @Test(arguments: [Self.failure, nil])
  func `a command that ended before it was seen is judged by the evidence`(_ failure: BoxError?) throws {
    let over = try Self.state(false, code: 127)
    let actions = run([
      (.opened, Self.endedWithOutput), (.arrived, Self.endedWithOutput), (.answer(.start, over), Self.endedWithOutput),
      (.examined(failure), Self.endedWithOutput),
    ])
    #expect(
      actions == [.wait(.start, 2), .ask(.start), .examine(over), failure.map { .fail(.proven($0)) } ?? .begin(over)])
  }

  @Test func `one request is made at a time while a command begins`() {
    #expect(
      run([(.opened, Self.nothing), (.arrived, Self.some), (.arrived, Self.some), (.due(.start), Self.some)])
        == [.wait(.start, 60), .ask(.start), .none, .none])
  }

  @Test func `requests become rarer, and more frequent once there is output`() throws {
    var machine = ExecMachine()
    let waiting = try Self.state(true)
    var waits = [machine.apply(.opened, Self.nothing)]
    for held in [Self.nothing, Self.nothing, Self.nothing, Self.some, Self.some, Self.some] {
      #expect(machine.apply(.due(.start), held) == .ask(.start))
      waits.append(machine.apply(.answer(.start, waiting), held))
    }
    #expect(waits == [60, 120, 240, 250, 32, 50, 50].map { .wait(.start, $0) })
  }

  @Test func `an engine that starts nothing is given up`() throws {
    var machine = ExecMachine()
    let waiting = try Self.state(true)
    var action = machine.apply(.opened, Self.nothing)
    var asked = 0
    while case .wait(.start, _) = action {
      #expect(machine.apply(.due(.start), Self.nothing) == .ask(.start))
      asked += 1
      action = machine.apply(.answer(.start, waiting), Self.nothing)
    }
    #expect(action == .fail(.notStarted) && asked == 600)
  }

  @Test func `an engine that does not answer about a start is asked twenty times`() {
    var machine = ExecMachine()
    var action = machine.apply(.opened, Self.nothing)
    var asked = 0
    while case .wait(.start, _) = action {
      #expect(machine.apply(.due(.start), Self.nothing) == .ask(.start))
      asked += 1
      action = machine.apply(.noAnswer(.start, Self.error), Self.nothing)
    }
    #expect(action == .beginAndLose(Self.error) && asked == 20)
  }

  @Test func `a connection that ended while the command runs on is a loss`() throws {
    var machine = ExecMachine()
    let running = try Self.state(true, process: 7)
    for input: ExecMachine.Input in [.opened, .due(.start), .answer(.start, running)] {
      _ = machine.apply(input, Self.some)
    }
    var action = machine.apply(.delivered, Self.ended)
    var asked = 0
    while action == .ask(.code) {
      asked += 1
      guard case .wait(.code, let pause) = machine.apply(.answer(.code, running), Self.ended) else { break }
      #expect((2...200).contains(pause))
      action = machine.apply(.due(.code), Self.ended)
    }
    #expect(asked == 51 && machine.state == .over)
  }

  @Test func `a killed command ends without a stream that others hold`() throws {
    let (running, over) = (try Self.state(true, process: 7), try Self.state(false, code: 137))
    #expect(
      run([
        (.opened, Self.some), (.due(.start), Self.some), (.answer(.start, running), Self.some), (.killed, Self.some),
        (.killed, Self.some), (.due(.killed), Self.some), (.answer(.killed, running), Self.some), (.killed, Self.some),
        (.due(.killed), Self.some), (.answer(.killed, over), Self.some),
      ]) == [
        .wait(.start, 2), .ask(.start), .begin(running), .wait(.killed, 3000), .none, .ask(.killed), .none,
        .wait(.killed, 3000), .ask(.killed), .exitWithOpenStreams(137),
      ])
  }

  @Test func `a start that is refused reports the engine's message`() {
    #expect(
      run([(.refused(Self.error), Self.nothing), (.opened, Self.nothing)]) == [.fail(.refused(Self.error)), .drop])
  }

  // MARK: - All states

  private static func inputs() throws -> [Step] {
    let states = [
      try state(true), try state(true, process: 7), try state(false), try state(false, code: 3),
      try state(false, code: 3, process: 7),
    ]
    var inputs: [ExecMachine.Input] = [
      .opened, .refused(error), .arrived, .examined(failure), .examined(nil), .delivered, .killed, .released,
    ]
    for question in Question.allCases {
      inputs += [.due(question), .noAnswer(question, error)] + states.map { .answer(question, $0) }
    }
    return inputs.flatMap { input in
      [nothing, some, ended, endedWithOutput, much].map { held in (input, held) }
    }
  }

  private static func explore() throws -> ReachableStates<ExecMachine, Step, ExecMachine.Action> {
    ReachableStates(from: [ExecMachine()], try inputs()) { $0.apply($1.input, $1.held) }
  }

  @Test func `whatever comes, an exec ends once, and in the order that its caller relies on`() throws {
    for step in try Self.explore().all {
      let (from, to, action) = (step.machine.state, step.next.state, step.action)
      if from == .over { #expect(action == .drop) }
      if action == .drop { #expect(step.next == step.machine) }
      switch action {
      case .fail: #expect(!from.hasBegun && to == .over)
      case .begin: #expect(!from.hasBegun && to.hasBegun)
      case .beginAndLose: #expect(!from.hasBegun && to == .over)
      case .finish(let code), .exitWithOpenStreams(let code):
        #expect(from.hasBegun && to == .over && code == 3)
      case .lose: #expect(from.hasBegun && to == .over)
      case .close: #expect(to == .over)
      case .none, .drop, .ask, .wait, .examine: #expect(to != .over || from == .over)
      }
    }
  }

  @Test func `the end can be reached from every state without the caller`() throws {
    let inputs = try Self.inputs().filter { $0.input != .released }
    let states = ReachableStates(from: [ExecMachine()], inputs) { $0.apply($1.input, $1.held) }
    #expect(states.steps.count > 600)
    #expect(states.withoutWay { $0.state == .over }.isEmpty)
  }
}

extension ExecMachine.State {
  /// Whether the start was reported, and no end.
  fileprivate var hasBegun: Bool {
    switch self {
    case .starting, .judging, .examining, .over: false
    case .running, .ending: true
    }
  }
}

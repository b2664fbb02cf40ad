import Testing

@testable import ContainerBoxes

/// The decisions about one throw-away container, without an engine.
struct ImageMachineTests {
  private typealias Input = ImageMachine.Input

  private static let error = EngineAPIError(.cut, "cut")

  private static let inputs: [Input] = [
    .attached, .started, .inspected(7), .inspected(nil), .refused(error), .delivered, .exited(.code(3)),
    .exited(.unknown(error)), .released,
  ]

  private func run(_ inputs: [Input]) -> [ImageMachine.Action] {
    var machine = ImageMachine()
    return inputs.map { machine.apply($0) }
  }

  @Test func `the exit is reported after the streams, whichever comes first`() {
    let start: [Input] = [.attached, .started, .inspected(7)]
    #expect(run(start + [.delivered, .exited(.code(3))]) == [.start, .inspect, .begin(7), .none, .finish(3)])
    #expect(run(start + [.exited(.code(3)), .delivered]) == [.start, .inspect, .begin(7), .none, .finish(3)])
  }

  @Test func `an exit that is known before the start was reported is not lost`() {
    #expect(
      run([.attached, .exited(.code(0)), .started, .inspected(nil), .delivered])
        == [.start, .none, .inspect, .begin(nil), .finish(0)])
  }

  @Test func `without a code the container is lost, after its output`() {
    #expect(
      run([.exited(.unknown(Self.error)), .attached, .started, .inspected(7), .delivered])
        == [.none, .start, .inspect, .begin(7), .lose(Self.error)])
  }

  @Test func `a refusal is a failure until the main process was started, and not after`() {
    #expect(run([.refused(Self.error), .attached]) == [.fail(Self.error), .drop])
    #expect(run([.attached, .refused(Self.error)]) == [.start, .fail(Self.error)])
    #expect(run([.attached, .started, .refused(Self.error)]) == [.start, .inspect, .drop])
  }

  @Test func `whatever comes, it ends once, and the container is removed unless it ended by itself`() {
    let states = ReachableStates(from: [ImageMachine()], Self.inputs) { $0.apply($1) }
    for step in states.all {
      let (from, to) = (step.machine.state, step.next.state)
      if from == .over { #expect(step.action == .drop) }
      if step.action == .drop { #expect(step.next == step.machine) }
      switch step.action {
      case .fail: #expect([.attaching, .starting].contains(from) && to == .over)
      case .begin: #expect(from == .inspecting && to == .running)
      case .finish, .lose: #expect([.running, .ending].contains(from) && to == .over)
      case .remove: #expect(from != .over && to == .over && step.input == .released)
      case .none, .drop, .start, .inspect: #expect(to != .over || from == .over)
      }
    }
    #expect(states.withoutWay { $0.state == .over }.isEmpty)
    #expect(Set(states.steps.keys.map(\.state)).count == 6)
  }
}

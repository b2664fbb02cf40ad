import TestSupport
import Testing

@testable import BoxLiteClient

@Suite struct AttachMachineTests {
  private typealias Input = AttachMachine.Input

  private static let inputs: [Input] =
    [.opened, .progress, .exit(0), .exit(-9), .cut, .running, .completed(code: 3), .completed(code: nil), .pauseOver]
    + Refusal.allCases.map(Input.refused) + Refusal.allCases.map(Input.noStatus)

  private func run(
    _ inputs: [(Input, Double)], isOurs: Bool = true, rules: ReconnectRules = .init()
  )
    -> [AttachMachine.Action]
  {
    var machine = AttachMachine(rules: rules, isOurs: isOurs)
    return inputs.map { machine.apply($0.0, at: UInt64($0.1 * 1e9)) }
  }

  @Test func `an exit frame is the end, and nothing counts after it`() {
    #expect(
      run([(.opened, 0), (.progress, 1), (.exit(3), 2), (.progress, 2), (.cut, 2)])
        == [.none, .none, .finish(.exited(code: 3, isProven: true)), .drop, .drop])
  }

  @Test func `a cut while the command runs is mended after a pause`() {
    #expect(
      run([(.opened, 0), (.cut, 1), (.running, 1), (.pauseOver, 1.2), (.opened, 1.3), (.exit(0), 2)])
        == [
          .none, .probe, .pause(.milliseconds(200)), .connect(.resume), .none,
          .finish(.exited(code: 0, isProven: true)),
        ])
  }

  @Test func `a cut and then completed is believed only after the rest was fetched`() {
    #expect(
      run([(.opened, 0), (.cut, 1), (.completed(code: 3), 1), (.opened, 1), (.exit(3), 1)])
        == [
          .none, .probe, .connect(.drain(code: 3)), .none, .finish(.exited(code: 3, isProven: true)),
        ])
  }

  @Test func `the rest is fetched once, and an end that cannot be proven says so`() {
    for last in [Input.cut, .refused(.gone), .refused(.forbidden)] {
      let opened: [(Input, Double)] = last == .cut ? [(.opened, 1)] : []
      let actions = run([(.opened, 0), (.cut, 1), (.completed(code: 3), 1)] + opened + [(last, 1)])
      #expect(actions.last == .finish(.exited(code: 3, isProven: false)), "\(last)")
    }
  }

  @Test func `fetching the rest goes on as long as it brings something`() {
    let actions = run([
      (.opened, 0), (.cut, 1), (.completed(code: 0), 1), (.opened, 1), (.progress, 1), (.cut, 1), (.opened, 1),
      (.exit(0), 2),
    ])
    #expect(actions[5] == .connect(.drain(code: 0)))
    #expect(actions.last == .finish(.exited(code: 0, isProven: true)))
  }

  @Test func `with the drain switched off the end is believed at once`() {
    var rules = ReconnectRules()
    rules.drains = false
    #expect(
      run([(.opened, 0), (.cut, 1), (.completed(code: 3), 1)], rules: rules).last
        == .finish(.exited(code: 3, isProven: true)))
  }

  @Test func `a place that is still taken after a cut is waited for`() {
    let actions = run([
      (.opened, 0), (.cut, 1), (.running, 1), (.pauseOver, 1.2), (.refused(.taken), 1.2), (.pauseOver, 2.2),
      (.refused(.taken), 2.2), (.pauseOver, 3.2), (.opened, 3.3),
    ])
    #expect(actions[4] == .pause(.seconds(1)) && actions[5] == .connect(.resume))
    #expect(actions[6] == .pause(.seconds(1)) && actions[8] == .none)
  }

  @Test func `pauses grow to 15 s and end with the budget`() {
    var machine = AttachMachine(rules: .init(), isOurs: true)
    var (now, pauses): (Double, [Duration]) = (0, [])
    _ = machine.apply(.opened, at: 0)
    _ = machine.apply(.cut, at: 0)
    var action = machine.apply(.noStatus(.passing), at: 0)
    while case .pause(let pause) = action {
      pauses.append(pause)
      now += Double(pause.components.seconds) + Double(pause.components.attoseconds) / 1e18
      _ = machine.apply(.pauseOver, at: UInt64(now * 1e9))
      action = machine.apply(.noStatus(.passing), at: UInt64(now * 1e9))
    }
    #expect(pauses.prefix(4) == [.milliseconds(200), .milliseconds(400), .milliseconds(800), .milliseconds(1600)])
    #expect(pauses.max() == .seconds(15) && (269.9...270.1).contains(now))
    #expect(action == .finish(.lost(.outOfTime)))
  }

  @Test func `a refused attach to another client's command is reported at once`() {
    for refusal in Refusal.allCases {
      #expect(run([(.refused(refusal), 0)], isOurs: false) == [.finish(.lost(.refused(refusal)))])
    }
    #expect(run([(.refused(.taken), 0)], isOurs: true) == [.pause(.seconds(1))])
  }

  @Test func `a command that the server forgot is lost`() {
    #expect(
      run([(.opened, 0), (.cut, 1), (.noStatus(.gone), 1)]).last == .finish(.lost(.refused(.gone))))
  }

  /// Every sequence of six inputs, with the clock moved by chance: it ends at most once, and only the exit frame proves.
  @Test func `whatever comes, it ends once, and no end is proven without its frame`() {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    var ends = 0
    for _ in 0..<60_000 {
      var machine = AttachMachine(rules: .init(), isOurs: Bool.random(using: &random))
      var (now, finished, probed): (UInt64, Int, Bool) = (0, 0, false)
      for _ in 0..<30 {
        let input = Self.inputs.randomElement(using: &random) ?? .cut
        now += UInt64.random(in: 0...20_000_000_000, using: &random)
        let wasOver = machine.state == .over
        let action = machine.apply(input, at: now)
        if case .completed = input, action != .drop { probed = true }
        if wasOver { #expect(action == .drop, "seed \(seed)") }
        guard case .finish(let end) = action else { continue }
        finished += 1
        if case .exited(let code, true) = end { #expect(input == .exit(code ?? 0), "seed \(seed)") }
        if case .exited(_, false) = end { #expect(probed, "seed \(seed)") }
      }
      #expect(finished <= 1, "seed \(seed)")
      ends += finished
    }
    #expect(ends > 30_000, "seed \(seed): the inputs reach too little")
  }

  /// All states that any inputs lead to, the clock standing still and the pauses not counted further than to 15 s.
  @Test func `from every state that can be reached the end can be reached too`() {
    var edges: [AttachMachine: Set<AttachMachine>] = [:]
    var open = [AttachMachine(rules: .init(), isOurs: true), AttachMachine(rules: .init(), isOurs: false)]
    while let machine = open.popLast() {
      guard edges[machine] == nil else { continue }
      let next = Set(
        Self.inputs.map { input in
          var next = machine
          return next.apply(input, at: 0) == .pause(.seconds(15)) ? machine : next
        })
      edges[machine] = next
      open += next
    }
    #expect(edges.count > 30)
    var ends = Set(edges.keys.filter { $0.state == .over })
    var count = 0
    while count != ends.count {
      count = ends.count
      for (machine, next) in edges where !ends.isDisjoint(with: next) { ends.insert(machine) }
    }
    #expect(ends.count == edges.count)
  }
}

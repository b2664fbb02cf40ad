import BoxwatchUI
import ExecModel
import Testing

/// Processor and memory in the list.
@Suite struct UsageTests {
  private static func monitor(width: Int, isUTF8: Bool = true) -> Monitor {
    var monitor = Monitor(24, width, isUTF8: isUTF8)
    monitor.add(["busy"])
    return monitor
  }

  private static func take(
    _ monitor: inout Monitor, _ samples: [(UInt64?, UInt64?)], boxes: [String: UsageSample] = [:]
  ) {
    for (processor, memory) in samples {
      monitor.send(
        .usage(commands: [Monitor.id(1): UsageSample(processor: processor, memory: memory)], boxes: boxes))
    }
  }

  @Test func `bars and numbers stand in the list where there is room`() {
    var monitor = Self.monitor(width: 160)
    Self.take(&monitor, [(nil, 1_000_000), (250, 1_000_000), (1000, 2_000_000)])
    #expect(monitor.has("▂█  100%    ▄▄█ 2.0 MB"), "\(monitor.row(2))")
  }

  @Test func `more than one processor is full bars, and the number says how many`() {
    var monitor = Self.monitor(width: 160)
    Self.take(&monitor, [(nil, 0), (1000, 0), (2504, 0)])
    #expect(monitor.has("▄█  250%"), "\(monitor.row(2))")
  }

  @Test func `without UTF-8 the bars are of ASCII`() {
    var monitor = Self.monitor(width: 160, isUTF8: false)
    Self.take(&monitor, [(nil, 5), (1000, 5)])
    #expect(monitor.has("#  100%    ## 5 B") || monitor.has("#  100%     ## "), "\(monitor.row(2))")
  }

  @Test func `the column is the first to go when it gets narrow, the box's before the command's`() {
    for width in 30..<200 {
      var monitor = Self.monitor(width: width)
      monitor.send(.tick(now: 1, clock: "a"))
      Self.take(&monitor, [(nil, 5_000_000)], boxes: ["local": UsageSample(memory: 7_000_000)])
      let row = monitor.row(2)
      if row.contains("7.0 MB") { #expect(row.contains("5.0 MB"), "\(width)") }
      if row.contains("5.0 MB") { #expect(row.contains("0 B/s") && row.contains("0 lines"), "\(width)") }
    }
  }

  @Test func `a box's use is shown once, beside the newest of its running commands`() {
    var monitor = Monitor(24, 200)
    for name in ["one", "two", "three"] { monitor.add([name], box: "web") }
    monitor.finish(.exited(0), 3)
    monitor.send(.usage(commands: [:], boxes: ["web": UsageSample(memory: 9_000_000)]))
    #expect(monitor.screen.components(separatedBy: "9.0 MB") == 2)
    #expect(monitor.screen.split(separator: "\n").first { $0.contains("9.0 MB") }?.contains("two") == true)
  }

  @Test func `a finished execution shows no usage`() {
    var monitor = Self.monitor(width: 160)
    Self.take(&monitor, [(nil, 5_000_000)])
    #expect(monitor.has("5.0 MB"))
    monitor.finish()
    #expect(!monitor.has("5.0 MB"))
  }

  @Test func `a sample without an earlier one starts a new measurement`() {
    var monitor = Self.monitor(width: 160)
    Self.take(&monitor, [(nil, 1), (1000, 1), (1000, 1), (nil, 1), (500, 1)])
    #expect(monitor.model.rows[0].usage.processor == [500])
  }

  @Test func `only what is on the screen is measured, and once a second`() {
    var monitor = Monitor(24, 160)
    for number in 1...20 { monitor.add(["c\(number)"], box: number == 6 ? "web" : "local") }
    let targets = Self.targets(monitor.send(.tick(now: 1_000_000_000, clock: "b")))
    // A quarter of the screen is the list's, and the first command is selected.
    #expect(targets.map(\.id) == (1...6).reversed().map(Monitor.id))
    #expect(targets.first?.box == "web" && targets.first?.processIdentifier == 4711)
    #expect(Self.targets(monitor.send(.tick(now: 1_500_000_000, clock: "b"))).isEmpty)
  }

  @Test(arguments: [80, 100, 120]) func `an execution that is not shown is not measured`(width: Int) {
    var monitor = Self.monitor(width: width)
    #expect(Self.targets(monitor.send(.tick(now: 1, clock: "b"))).isEmpty)
  }

  @Test func `a zoomed pane and finished executions are not measured`() {
    var monitor = Self.monitor(width: 160)
    monitor.type("z")
    #expect(Self.targets(monitor.send(.tick(now: 1, clock: "b"))).isEmpty)
    monitor.type("z")
    #expect(Self.targets(monitor.send(.tick(now: 2, clock: "c"))).count == 1)
    monitor.finish()
    #expect(Self.targets(monitor.send(.tick(now: 3, clock: "d"))).isEmpty)
  }

  @Test func `output that is not available is marked, while the command runs and after`() {
    var monitor = Self.monitor(width: 200)
    monitor.miss(.unreachable)
    monitor.miss(.unreachable, 1, .stderr)
    #expect(monitor.row(2).contains("running") && monitor.row(2).contains("output not available"))
    #expect(monitor.has("the engine sends it only to"))
    monitor.event(.exited(.exited(3)))
    monitor.conclude(.exited(3), truncated: .both, unproven: .both)
    #expect(monitor.row(2).contains("exit 3") && monitor.row(2).contains("output not available"))
  }

  private static func targets(_ effects: [Effect]) -> [UsageTarget] {
    effects.flatMap { effect in
      if case .measureUsage(let targets) = effect { targets } else { [UsageTarget]() }
    }
  }
}

extension String {
  /// How many parts a separator makes.
  fileprivate func components(separatedBy separator: String) -> Int {
    var count = 1
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}

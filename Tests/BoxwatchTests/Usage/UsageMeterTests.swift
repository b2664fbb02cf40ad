import BoxwatchUI
import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import Linux
import TestSupport
import Testing

@testable import boxwatch

@Suite(.timeLimit(.minutes(2))) struct UsageMeterTests {
  /// A box that counts, for the tests.
  private struct CountingBox: Box {
    let name = "web"
    let capabilities = BoxCapabilities.everything

    func start(_ spec: ExecutionSpec, reportingTo sink: any ExecutionSink) throws(BoxError) -> any BoxProcess {
      try LocalBox().start(spec, reportingTo: sink)
    }

    func usage() -> ResourceUsage? { ResourceUsage(memory: 42) }
  }

  private struct Fixture {
    let folder = ScratchFolder()
    let engine: Engine
    let id: ExecutionID

    init(_ script: String) throws {
      engine = Engine(stateDirectory: folder.path)
      id = try engine.start(ExecutionSpec(command: ["sh", "-c", script], input: .pipe), in: CountingBox())
      // The kernel counts a process's pages a moment after its start.
      while (try engine.usage(id)?.memory ?? 1) == 0 {}
    }

    func end() {
      try? engine.forceClose(id)
      let gate = Gate()
      try? engine.wait(id) { _ in gate.open() }
      gate.wait()
    }
  }

  private static func round(_ meter: UsageMeter, _ target: UsageTarget) -> (UsageSample?, [String: UsageSample]) {
    guard case .usage(let commands, let boxes) = meter.round([target]) else { return (nil, [:]) }
    return (commands[target.id], boxes)
  }

  @Test func `a busy command uses a processor, and its box is asked too`() throws {
    let fixture = try Fixture("while :; do :; done")
    defer { fixture.end() }
    let meter = UsageMeter(fixture.engine, box: { $0 == "web" ? CountingBox() : nil }, report: { _ in })
    let target = UsageTarget(id: fixture.id, box: "web")
    let (first, boxes) = Self.round(meter, target)
    #expect(first?.processor == nil && (first?.memory ?? 0) > 0)
    #expect(boxes == ["web": UsageSample(memory: 42)])
    // The kernel counts in hundredths of a second: some of them must go by.
    let process = try #require(try fixture.engine.snapshot(fixture.id).processIdentifier)
    let before = ProcessTree.usage(of: [process])?.processorNanoseconds ?? 0
    while (ProcessTree.usage(of: [process])?.processorNanoseconds ?? .max) < before + 50_000_000 {}
    #expect((Self.round(meter, target).0?.processor ?? 0) > 0)
  }

  @Test func `another boxwatch's command is found by its number, a stranger with the number is not`() throws {
    let fixture = try Fixture("read x")
    defer { fixture.end() }
    let process = try #require(try fixture.engine.snapshot(fixture.id).processIdentifier)
    let elsewhere = ScratchFolder()
    let meter = UsageMeter(Engine(stateDirectory: elsewhere.path), box: { _ in nil }, report: { _ in })
    let own = UsageTarget(id: fixture.id, box: "x", processIdentifier: process, created: MonotonicClock.now)
    #expect((Self.round(meter, own).0?.memory ?? 0) > 0)
    var old = own
    old.created -= min(old.created, 20_000_000_000)
    #expect(Self.round(meter, old).0 == nil)
    var withoutProcess = own
    withoutProcess.processIdentifier = nil
    #expect(Self.round(meter, withoutProcess).0 == nil)
  }
}

import BoxwatchUI
import ExecEngine
import Testing

@testable import boxwatch

@Suite struct UsageRatesTests {
  private static func usage(_ nanoseconds: UInt64, memory: UInt64? = 7) -> ResourceUsage {
    ResourceUsage(memory: memory, processorNanoseconds: nanoseconds)
  }

  @Test func `the first look has memory alone, the next the time between`() {
    var rates = UsageRates<String>()
    #expect(rates.take(["a": Self.usage(5_000)], at: 1_000_000_000) == ["a": UsageSample(memory: 7)])
    // A quarter of a second of two seconds.
    let next = rates.take(["a": Self.usage(250_005_000)], at: 3_000_000_000)
    #expect(next == ["a": UsageSample(processor: 125, memory: 7)])
  }

  @Test func `less than before is nothing`() {
    var rates = UsageRates<String>()
    _ = rates.take(["a": Self.usage(1_000_000)], at: 1)
    #expect(rates.take(["a": Self.usage(10)], at: 2)["a"]?.processor == 0)
  }

  @Test func `a process that was not sampled starts a new measurement`() {
    var rates = UsageRates<String>()
    _ = rates.take(["a": Self.usage(1)], at: 1)
    _ = rates.take([:], at: 2)
    #expect(rates.take(["a": Self.usage(2)], at: 3) == ["a": UsageSample(memory: 7)])
  }

  @Test func `nonsense from outside does not trap`() {
    var rates = UsageRates<String>()
    _ = rates.take(["a": Self.usage(0)], at: 1)
    #expect(rates.take(["a": Self.usage(.max)], at: 2)["a"]?.processor == 1_000_000_000)
    _ = rates.take(["a": ResourceUsage()], at: 3)
    #expect(rates.take(["a": Self.usage(4)], at: 3)["a"]?.processor == nil)
  }
}

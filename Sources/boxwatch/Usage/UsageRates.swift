import BoxwatchUI
import ExecEngine

/// Makes of processor times that only grow what was used between two looks.
struct UsageRates<Key: Hashable & Sendable>: Sendable {
  private struct Look {
    var time: UInt64
    var processor: UInt64
  }

  private var looks: [Key: Look] = [:]

  /// The samples of one round; what is not in it is forgotten.
  mutating func take(_ usages: [Key: ResourceUsage], at time: UInt64) -> [Key: UsageSample] {
    let samples = Dictionary(
      uniqueKeysWithValues: usages.map { key, usage in
        (key, UsageSample(processor: processor(key, usage, time), memory: usage.memory))
      })
    looks = usages.compactMapValues { usage in
      usage.processorNanoseconds.map { Look(time: time, processor: $0) }
    }
    return samples
  }

  /// Thousandths of one processor since the last look.
  ///
  /// A process that was left by its parent takes its time with it: less than before is nothing.
  private func processor(_ key: Key, _ usage: ResourceUsage, _ time: UInt64) -> UInt64? {
    guard let look = looks[key], let now = usage.processorNanoseconds, time > look.time else { return nil }
    let used = Double(now > look.processor ? now - look.processor : 0)
    return UInt64(min(used * 1000 / Double(time - look.time), 1e9))
  }
}

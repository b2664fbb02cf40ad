/// The last samples of what an execution, or a whole box, uses: data of the list's columns.
public struct UsageHistory: Hashable, Sendable {
  /// How many are kept.
  static let limit = 8

  /// Thousandths of one processor, oldest first.
  public private(set) var processor: [UInt64] = []
  /// Bytes, oldest first.
  public private(set) var memory: [UInt64] = []

  /// Takes the next sample; one that had nothing to compare with begins anew.
  mutating func take(_ sample: UsageSample) {
    guard let used = sample.processor else {
      (processor, memory) = ([], sample.memory.map { [$0] } ?? [])
      return
    }
    processor = (processor + [used]).suffix(Self.limit)
    memory = (memory + (sample.memory.map { [$0] } ?? [])).suffix(Self.limit)
  }

  /// Whether there is nothing to show.
  var isEmpty: Bool { processor.isEmpty && memory.isEmpty }
}

/// Processor and memory in the list: bars of the last samples, and the last one in numbers.
enum UsageCells {
  private static let bars = 5
  private static let processorText = 5
  private static let memoryText = 6
  /// What the word before a box's takes.
  static let boxMark = 5
  /// All of it: bars with a free column on each side, numbers with one behind.
  static let width = 2 * (bars + 2) + (processorText + 1) + (memoryText + 1)

  /// The cells of a history; empty ones where nothing was measured.
  ///
  /// The processor's bars are full for one whole processor, or for the most that was used when that was more: so quiet
  /// commands look quiet, and two can be compared. Memory's are scaled to the most there was.
  static func cells(_ usage: UsageHistory, isUTF8: Bool) -> [ListRow.Cell] {
    let processor = Sparkline.text(usage.processor, width: bars, full: 1000, isUTF8: isUTF8)
    let memory = Sparkline.text(usage.memory, width: bars, isUTF8: isUTF8)
    return [
      ListRow.Cell(text: " " + processor, role: .graphCPU, width: bars + 2),
      ListRow.Cell(text: usage.processor.last.map(percent) ?? "", role: .dim, width: processorText + 1, isRight: true),
      ListRow.Cell(text: " " + memory, role: .graphMemory, width: bars + 2),
      ListRow.Cell(
        text: usage.memory.last.map(NumberText.bytes) ?? "", role: .dim, width: memoryText + 1, isRight: true),
    ]
  }

  /// `3%`, `250%`: hundredths of one processor.
  private static func percent(_ thousandths: UInt64) -> String { "\((thousandths &+ 5) / 10)%" }
}

import Cells
import JSON

/// The list of boxes as it is written: columns for people, objects for programs.
struct FoundBoxList {
  let boxes: [FoundBox]
  let isJSON: Bool

  /// Writes it to standard output.
  ///
  /// - Throws: ``Failure`` when it cannot be written.
  func write() throws {
    guard isJSON else { return try TextOutput().write(lines) }
    for box in boxes { try TextOutput().write(Self.object(box)) }
  }

  /// One line for each: name, kind, and what it is or why it cannot be used.
  var lines: [String] {
    let names = (boxes.map { TextWidth.columns(of: $0.name) }.max() ?? 0) + 2
    let kinds = (boxes.map { TextWidth.columns(of: $0.kind) }.max() ?? 0) + 2
    return boxes.map { box in
      Self.pad(box.name, names) + Self.pad(box.kind, kinds) + (box.problem.map { "not usable: " + $0 } ?? box.detail)
    }
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - TextWidth.columns(of: text)))
  }

  private static func object(_ box: FoundBox) -> JSONLine {
    var line = JSONLine()
    line.add("name", box.name)
    line.add("kind", box.kind)
    line.add("detail", box.detail)
    line.add("usable", box.problem == nil)
    if let problem = box.problem { line.add("problem", problem) } else { line.addNull("problem") }
    return line
  }
}

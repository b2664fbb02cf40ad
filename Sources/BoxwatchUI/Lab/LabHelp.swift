import Cells

/// The lab's explanation, for somebody who has never seen the race: what it is, what is shown, and the keys.
enum LabHelp {
  /// A line in pieces of one role each.
  typealias Line = [(String, Role)]

  /// From this width on the keys stand in two columns.
  private static let twoColumns = 72
  private static let keyWidth = 12

  private static let paragraphs: [(heading: String, text: String)] = [
    (
      "The race",
      "a command writes its last line and exits. The line comes through a pipe and a pump, the exit through a reaper,"
        + " and nothing orders the two. A program that tells the end as soon as it knows the exit drops what the pump"
        + " still holds, and reports success."
    ),
    (
      "Sources",
      "what is still to happen, each source in its own order. You choose who is next: that makes a schedule, and every"
        + " schedule can happen."
    ),
    (
      "The halves",
      "two dispatchers, told the same. Each announces to a client, which stops reading at the first Exit or Wait."
        + " What is announced after that is read by nobody."
    ),
  ]

  static func frame(_ model: Model) -> DialogFrame {
    let width = min(76, max(0, model.width - 2))
    return DialogFrame(model, height: lines(model, width: width).count, width: width)
  }

  static func lines(_ model: Model, width: Int) -> [Line] {
    var lines: [Line] = []
    for paragraph in paragraphs {
      let wrapped = WordWrap.lines("\(paragraph.heading): \(paragraph.text)", width: width - 2)
      for (index, text) in wrapped.enumerated() {
        guard index == 0 else {
          lines.append([(" " + text, .text)])
          continue
        }
        lines.append([(" " + paragraph.heading, .titleFocus), (String(text.dropFirst(paragraph.heading.count)), .text)])
      }
    }
    lines.append([])
    return lines + keys(model.keymap, width: width)
  }

  private static func keys(_ keymap: Keymap, width: Int) -> [Line] {
    let entries = entries(keymap)
    guard width >= twoColumns else { return entries.map { line($0, width: width) } }
    let height = (entries.count + 1) / 2
    let half = width / 2
    return (0..<height).map { row in
      let right = height + row < entries.count ? line(entries[height + row], width: half) : []
      return line(entries[row], width: half) + right
    }
  }

  /// Keys and what they do; the digits are one entry.
  static func entries(_ keymap: Keymap) -> [(keys: String, help: String)] {
    let bindings = keymap.bindings.filter { $0.scope == .lab }
    return bindings.compactMap { binding in
      if case .select(let number) = binding.command {
        return number == 1 ? (keys: "1-9", help: "choose that source") : nil
      }
      return (keys: binding.keys.map(\.label).joined(separator: " "), help: binding.help)
    }
  }

  private static func line(_ entry: (keys: String, help: String), width: Int) -> Line {
    let keys = " " + entry.keys.padded(to: keyWidth) + " "
    let help = String(entry.help.prefix(max(0, width - keys.count)))
    return [(keys, .helpKey), (help.padded(to: width - keys.count), .helpText)]
  }
}

extension String {
  /// The text with blanks behind it, up to a width.
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

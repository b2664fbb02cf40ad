import Cells

/// The lab's help page, for a user who has never seen the race: what it is, what is shown, and the
/// keys.
enum LabHelp {
  /// A line in pieces of one role each.
  typealias Line = [(String, Role)]

  /// The minimum width for two columns of keys.
  private static let twoColumns = 72
  private static let keyWidth = 12

  private typealias Paragraph = (heading: String, text: String)

  private static let held: [Paragraph] = [
    (
      "Holding",
      "a real command runs, and its two pumps and its exit have gates, all closed at the start. A held pump does not"
        + " read: what the command wrote stays in the kernel's pipe, and a command that fills the pipe blocks in write."
        + " A held exit has happened, but is not reported."
    ),
    (
      "The halves",
      "what another program's dispatcher and boxwatch's tell their users at this moment. A user stops reading at the"
        + " first Exit or Wait, and what comes then is lost. Let the exit go first to lose the last line."
    ),
  ]

  private static let paragraphs: [Paragraph] = [
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
      "two dispatchers with the same input. Each announces to a client, which reads until the first Exit or Wait, and"
        + " nothing after it."
    ),
  ]

  static func frame(_ model: Model) -> DialogFrame {
    let width = min(76, max(0, model.width - 2))
    return DialogFrame(model, height: lines(model, width: width).count, width: width)
  }

  static func lines(_ model: Model, width: Int) -> [Line] {
    var lines: [Line] = []
    let page = model.lab?.page ?? .stepping
    for paragraph in page == .holding ? held : paragraphs {
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
    return lines + keys(model.keymap, page, width: width)
  }

  private static func keys(_ keymap: Keymap, _ page: LabPage, width: Int) -> [Line] {
    let entries = entries(keymap, page)
    guard width >= twoColumns else { return entries.map { line($0, width: width) } }
    let height = (entries.count + 1) / 2
    let half = width / 2
    return (0..<height).map { row in
      let right = height + row < entries.count ? line(entries[height + row], width: half) : []
      return line(entries[row], width: half) + right
    }
  }

  /// Keys and their descriptions; the digits are one entry.
  static func entries(_ keymap: Keymap, _ page: LabPage = .stepping) -> [(keys: String, help: String)] {
    let scope: Scope = page == .holding ? .labHold : .lab
    let bindings = keymap.bindings.filter { $0.scope == scope }
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
  /// The text padded with blanks to a width.
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

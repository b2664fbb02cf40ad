import Cells
import Widgets

/// The lab's help page, for a user who has never seen the race: what it is, what is shown, and the
/// keys.
public struct LabHelp: Hashable, Sendable {
  /// A line in pieces of one role each.
  private typealias Line = [(String, Role)]

  /// The minimum width for two columns of keys.
  private static let twoColumns = 72
  private static let keyWidth = 12

  private var page = Page()

  /// Creates the page, at its first line.
  init() {}

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

  private static func frame(_ lab: LabModel) -> DialogFrame {
    let width = min(76, max(0, lab.display.width - 2))
    return DialogFrame(lab.display, height: lines(lab, width: width).count, width: width)
  }

  private static func lines(_ lab: LabModel, width: Int) -> [Line] {
    var lines: [Line] = []
    for paragraph in lab.page == .holding ? held : paragraphs {
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
    return lines + keys(entries(lab), width: width)
  }

  private static func keys(_ entries: [KeySection.Line], width: Int) -> [Line] {
    guard width >= twoColumns else { return entries.map { line($0, width: width) } }
    let height = (entries.count + 1) / 2
    let half = width / 2
    return (0..<height).map { row in
      let right = height + row < entries.count ? line(entries[height + row], width: half) : []
      return line(entries[row], width: half) + right
    }
  }

  private static func entries(_ lab: LabModel) -> [KeySection.Line] {
    (lab.page == .holding ? lab.keymap.hold.section : lab.keymap.step.section).lines
  }

  private static func line(_ entry: KeySection.Line, width: Int) -> Line {
    let keys = " " + entry.keys.padded(to: keyWidth) + " "
    let help = String(entry.help.prefix(max(0, width - keys.count)))
    return [(keys, .helpKey), (help.padded(to: width - keys.count), .helpText)]
  }
}

extension LabHelp: LabDialogContent {
  var dialog: LabDialog { .help(self) }

  func hints(_ keymap: LabKeymap) -> [KeyHint] { keymap.page.hints() }

  mutating func handle(_ key: Key, in lab: inout LabModel) -> LabDialogStep {
    let inner = Self.frame(lab).inner
    let lines = Self.lines(lab, width: inner.width).count
    return page.handle(key, lines: lines, height: inner.height) ? .stay : .close()
  }

  mutating func handle(_ event: MouseEvent, in lab: inout LabModel) -> LabDialogStep {
    let inner = Self.frame(lab).inner
    page.wheel(
      event.action, by: 1, lines: Self.lines(lab, width: inner.width).count, height: max(1, inner.height))
    return .stay
  }

  func paint(on painter: inout LabPainter) {
    let frame = Self.frame(painter.lab)
    painter.paintBox(frame, "the race lab")
    let inner = frame.inner
    let lines = Self.lines(painter.lab, width: inner.width)
    let first = page.first(of: lines.count, height: inner.height)
    for (offset, line) in lines.dropFirst(first).prefix(inner.height).enumerated() {
      painter.write(line, on: .dialog, row: inner.row + offset, column: inner.column, within: inner)
    }
  }
}

extension String {
  /// The text padded with blanks to a width.
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

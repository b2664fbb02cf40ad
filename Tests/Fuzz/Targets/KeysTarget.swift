import BoxwatchUI
import CNCurses
import Cells
import ExecModel
import TestSupport
import Widgets

@testable import CursesTerminal

extension FuzzTarget {
  /// What a terminal sends: events made into keys, and the keys given to the monitor, which is drawn.
  static let keys = FuzzTarget(name: "keys") { bytes in
    var choices = FuzzChoices(bytes)
    var left = bytes.count / 8
    var reader = KeyReader()
    var model = monitor(choices.next())
    let start = ContinuousClock.now
    while left > 0 {
      let time = start + .milliseconds(Int(choices.next() % 5000))
      let keys = reader.read(now: time) {
        left -= 1
        return left > 0 ? event(choices.next()) : cn_event()
      }
      for key in keys { _ = update(&model, .key(key), text: text) }
      // Drawing takes most of the time.
      if left % 8 == 0 { checkWhole(view(model, text: text)) }
    }
    checkWhole(view(model, text: text))
  }

  /// A monitor of some size over two commands, one of which is over.
  private static func monitor(_ size: UInt64) -> Model {
    var model = Model(
      Display(height: Int(size % 61), width: Int(size >> 8 % 201)),
      boxes: [BoxChoice(name: "local"), BoxChoice(name: "bwrap")])
    for number in 1...2 {
      guard let id = ExecutionID("exec-\(number)") else { continue }
      let spec = ExecutionSpec(command: ["make", "all"], input: .pipe)
      _ = update(
        &model, .added(id, spec, box: "local", created: 0, origin: .own, limits: .none), text: text)
      let events: [ExecutionEvent] =
        [.started(processIdentifier: 7), .output(.stdout, range: 0..<UInt64(output.count), lines: 3)]
        + (number == 1 ? [] : [.endOfStream(.stdout), .endOfStream(.stderr), .exited(.exited(0))])
      for (sequence, event) in events.enumerated() {
        let recorded = RecordedEvent(sequence: UInt64(sequence), time: UInt64(sequence), event: event)
        _ = update(&model, .event(id, recorded), text: text)
      }
    }
    return model
  }

  private static let output = Array("one\n\u{1b}[31mtwo words\n日本 three\n".utf8)

  private static func text(_ id: ExecutionID, _ stream: ExecStream) -> (any TextSource)? {
    stream == .stdout ? InMemoryText(output, head: 0) : nil
  }

  /// An event of any kind; mostly characters of one byte, as they are typed.
  private static func event(_ word: UInt64) -> cn_event {
    let isTyped = word & 0x80 != 0
    return cn_event(
      kind: isTyped ? Int32(CN_EVENT_CHARACTER.rawValue) : Int32(word & 7),
      value: isTyped || word & 0x40 != 0 ? UInt32(word >> 8 & 0xFF) : UInt32(truncatingIfNeeded: word >> 8),
      row: Int32(truncatingIfNeeded: word >> 40) >> (word & 8 != 0 ? 0 : 10),
      column: Int32(truncatingIfNeeded: word >> 32) >> (word & 16 != 0 ? 0 : 10), pressed: Int32(word >> 5 & 1))
  }
}

import BoxwatchUI
import Cells
import ExecModel
import TestSupport
import Testing

/// Random messages at random sizes: nothing traps, nothing is drawn outside, nothing is done too early.
@Suite struct FuzzTests {
  private static let characters = Array("ajkhlgGbfFvzwxKDin/?q123456789[]t0$^ aé日\u{7}yN'\"\\")
  private static let texts = [
    "plain\n", "no newline", "\u{1b}[31mred\n", "日本語 wide\n", "\t\ttabs\r50%\r60%\n", "\u{1b}]52;c;x\u{7}\n",
    String(repeating: "long ", count: 300) + "\n", "e\u{301}\u{202e}\u{9b}2J\n", "👩‍👩‍👧‍👦🇩🇪\n",
  ]

  private func event(_ dice: inout SeededGenerator) -> ExecutionEvent {
    let stream: ExecStream = Bool.random(using: &dice) ? .stdout : .stderr
    switch Int.random(in: 0..<15, using: &dice) {
    case 0: return .started(processIdentifier: 1)
    case 1, 2: return .endOfStream(stream)
    case 3: return .exited(.exited(Int32.random(in: 0...255, using: &dice)))
    case 4: return .timeLimitElapsed
    case 5: return .forceClosed
    case 6: return .drainDeadlineElapsed
    case 7: return .streamEmptied(stream)
    case 8: return .connectionLost
    case 9: return .stalled(stream, errno: Int32.random(in: 0...130, using: &dice))
    case 10: return .resumed(stream)
    case 11: return .wait(waiter: 1)
    case 13: return .gap(stream, at: dice.next() >> UInt64.random(in: 0...63, using: &dice), .uncertain)
    case 12: return .output(stream, range: 0..<UInt64.random(in: 0...UInt64.max, using: &dice), lines: dice.next())
    default: return .exit(Conclusion(outcome: Outcome(status: .exited(0), truncated: StreamSet(rawValue: 1))))
    }
  }

  private func key(_ dice: inout SeededGenerator) -> Key {
    switch Int.random(in: 0..<8, using: &dice) {
    case 0: return .control("abcdefghijklmnopqrstuvwxyz".randomElement(using: &dice) ?? "a")
    case 1, 2: return .named(Key.Name.allCases.randomElement(using: &dice) ?? .up)
    case 3:
      let action: [Key.MouseAction] = [.press, .release, .doublePress, .wheelUp, .wheelDown]
      return .mouse(
        action.randomElement(using: &dice) ?? .press, row: Int.random(in: -2...101, using: &dice),
        column: Int.random(in: -2...301, using: &dice))
    case 4: return .paste(Self.texts.randomElement(using: &dice) ?? "")
    default: return .character(Self.characters.randomElement(using: &dice) ?? "j")
    }
  }

  private func step(_ monitor: inout Monitor, _ dice: inout SeededGenerator) {
    let number = Int.random(in: 1...max(1, monitor.model.rows.count), using: &dice)
    switch Int.random(in: 0..<20, using: &dice) {
    case 0 where monitor.model.rows.count < 12:
      monitor.add(
        ["cmd\u{1b}[2J", "日本"], input: .pipe, terminal: Bool.random(using: &dice) ? TerminalSize() : nil,
        origin: [.own, .client, .attached(place: "\u{1b}[2J日")].randomElement(using: &dice) ?? .own,
        limits: Bool.random(using: &dice) ? .none : RowLimits(everything: "\u{9b}no"))
    case 1:
      monitor.send(
        .resized(rows: Int.random(in: 0...100, using: &dice), columns: Int.random(in: 0...300, using: &dice)))
    case 2: monitor.send(.tick(now: dice.next() >> UInt64.random(in: 0...40, using: &dice), clock: "14:02:11"))
    case 3, 4: monitor.event(event(&dice), number, at: dice.next() >> UInt64.random(in: 0...60, using: &dice))
    case 5, 6, 7:
      let stream: ExecStream = Bool.random(using: &dice) ? .stdout : .stderr
      monitor.output(Self.texts.randomElement(using: &dice) ?? "", number, stream)
    case 8: monitor.evict(.stdout, upTo: UInt64.random(in: 0...2000, using: &dice), number)
    case 9:
      let holder = PipeHolder(processIdentifier: .max, command: "\u{7}x", streams: .both)
      monitor.send(.holders(Monitor.id(number), [holder, holder, holder, holder]))
    case 10: monitor.send(.proceed)
    case 11: monitor.send(.inputTaken(Monitor.id(number)))
    case 12: monitor.send(.listing(listing(&dice)))
    case 14 where Int.random(in: 0..<4, using: &dice) == 0: monitor.send(.interrupted(Monitor.id(number)))
    case 13:
      monitor.send(.server(ServerStatus(address: "unix:/\u{9b}日本/x", clients: Int.random(in: 0...9, using: &dice))))
    default: monitor.send(.key(key(&dice)))
    }
  }

  private func listing(_ dice: inout SeededGenerator) -> [PickerEntry] {
    (0..<Int.random(in: 0...40, using: &dice)).map { number in
      PickerEntry(
        target: .journal(Monitor.id(number), folder: "/x"), state: Bool.random(using: &dice) ? .running : .interrupted,
        age: dice.next() >> UInt64(number), box: "日\u{7}", place: "monitor \u{1b}", title: "make\n日本")
    }
  }

  @Test(arguments: 1...16)
  func `random messages at random sizes never trap and never draw outside`(seed: Int) {
    var dice = SeededGenerator(seed: UInt64(seed))
    var monitor = Monitor(Int.random(in: 5...100, using: &dice), Int.random(in: 20...300, using: &dice))
    var concluded: Set<Int> = []
    for count in 0..<250 {
      step(&monitor, &dice)
      for (index, row) in monitor.model.rows.enumerated() {
        if row.marks.exit != nil { concluded.insert(index) }
        #expect(row.isDone == concluded.contains(index), "seed \(seed), message \(count)")
      }
      guard count.isMultiple(of: 5) else { continue }
      let grid = monitor.grid
      #expect(grid.height == monitor.model.height && grid.width == monitor.model.width, "seed \(seed)")
      expectWhole(grid, "seed \(seed), message \(count)")
    }
  }

  /// No control scalar in any cell, and no half of a wide glyph alone.
  private func expectWhole(_ grid: Grid, _ place: Comment) {
    for row in 0..<grid.height {
      for column in 0..<grid.width {
        let cell = grid[row, column]
        let scalar = cell.scalars[0]
        if cell.width > 0, scalar < 0x20 || (0x7F...0x9F).contains(scalar) || scalar == 0x202E {
          Issue.record("a control scalar on the screen: \(place)")
        }
        if cell.width == 2, column + 1 >= grid.width || grid[row, column + 1].width != 0 {
          Issue.record("half of a wide glyph: \(place)")
        }
        if cell.width == 0, column == 0 || grid[row, column - 1].width != 2 {
          Issue.record("the right half of nothing: \(place)")
        }
      }
    }
    if let cursor = grid.cursor, !grid.bounds.contains(row: cursor.row, column: cursor.column) {
      Issue.record("the cursor is outside: \(place)")
    }
  }
}

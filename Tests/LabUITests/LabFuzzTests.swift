import Cells
import RaceLab
import Testing
import Widgets

@testable import LabUI

/// Random keys at random sizes: nothing traps, nothing is drawn outside, and the lab always shows a schedule that can be.
@Suite struct LabFuzzTests {
  private static let characters = Array("jkuur0aaeaenssppttyq?[]{}123456789 hl-+oOeExwlgGdf:^é日\u{7}")
  private static let pastes = ["o1e1:xoOeE", "o2e2w1lgdf:", "o24e24w8lgdf:xxx", "\u{1b}[2J", "", "日本", "o0e0:x\n"]

  private func key(_ dice: inout SplitMix64) -> Key {
    switch Int.random(in: 0..<10, using: &dice) {
    case 0: return .control("abcdefghijklmnopqrstuvwxyz".randomElement(using: &dice) ?? "a")
    case 1, 2: return .named(Key.Name.allCases.randomElement(using: &dice) ?? .up)
    case 3: return .paste(Self.pastes.randomElement(using: &dice) ?? "")
    case 4:
      let actions: [Key.MouseAction] = [.press, .release, .doublePress, .wheelUp, .wheelDown]
      return .mouse(
        actions.randomElement(using: &dice) ?? .press, row: Int.random(in: -2...60, using: &dice),
        column: Int.random(in: -2...220, using: &dice))
    case 5, 6: return .named(.enter)
    default: return .character(Self.characters.randomElement(using: &dice) ?? "j")
    }
  }

  @Test(arguments: UInt64(1)...16)
  func `random keys at random sizes never trap and never draw outside`(seed: UInt64) {
    var dice = SplitMix64(seed: seed)
    var lab = Lab(LabSession(), 24, 80, isUTF8: seed.isMultiple(of: 2))
    for count in 0..<300 {
      if Int.random(in: 0..<15, using: &dice) == 0 {
        lab.send(
          .resized(rows: Int.random(in: 0...60, using: &dice), columns: Int.random(in: 0...220, using: &dice)))
      }
      // A search through a scenario as large as a paste can make it is slow in a debug build: two of its keys are rare.
      let key = key(&dice)
      if key == .character("n"), lab.session.scenario.stepCount > 12 { continue }
      lab.send(.key(key))
      let session = lab.session
      #expect(Schedule(session.scenario, session.taken) != nil, "seed \(seed), key \(count)")
      guard count.isMultiple(of: 3) else { continue }
      let grid = lab.grid
      #expect(
        grid.height == lab.model.display.height && grid.width == lab.model.display.width, "seed \(seed), key \(count)")
      let controls = grid.cells.filter { $0.width > 0 && $0.scalars[0] < 0x20 }
      #expect(controls.isEmpty, "seed \(seed), key \(count)")
    }
  }
}

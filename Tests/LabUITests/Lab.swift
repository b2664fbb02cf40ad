import Cells
import RaceLab
import TestSupport
import Widgets

@testable import LabUI

/// A lab to test: its model, and what it asked for.
struct Lab {
  var model: LabModel
  private(set) var effects: [LabEffect] = []

  init(
    _ session: LabSession = LabSession(), _ height: Int = 24, _ width: Int = 80, isUTF8: Bool = true, seed: UInt64 = 7
  ) {
    model = LabModel(session, on: Display(height: height, width: width, isUTF8: isUTF8), seed: seed)
  }

  /// A lab on its hold page, with a command started and its prompt closed, or the prompt open.
  static func holding(
    _ snapshot: HeldSnapshot? = nil, _ height: Int = 24, _ width: Int = 80, isUTF8: Bool = true
  ) -> Lab {
    var lab = Lab(LabSession(), height, width, isUTF8: isUTF8)
    _ = lab.model.openHolding(snapshot?.command ?? [])
    if let snapshot { lab.send(.held(snapshot)) }
    return lab
  }

  @discardableResult
  mutating func send(_ message: LabMessage) -> [LabEffect] {
    let new = update(&model, message)
    effects += new
    return new
  }

  /// Types a ``KeyScript``.
  @discardableResult
  mutating func type(_ script: String) -> [LabEffect] {
    KeyScript.keys(script).flatMap { send(.key($0)) }
  }

  /// The session that it shows.
  var session: LabSession { model.session }
  /// The schedule so far, as its text.
  var schedule: String { session.schedule.text }

  var grid: Grid { view(model) }
  /// The screen as text.
  var screen: String { grid.plainText }
  /// The last row.
  var status: String { row(model.display.height - 1) }

  func row(_ index: Int) -> String {
    let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.contains(index) ? String(lines[index]) : ""
  }

  func has(_ text: String) -> Bool { screen.contains(text) }
}

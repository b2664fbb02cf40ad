extension Schedule {
  /// Reads a schedule's text: a scenario, a colon, and a letter for each step.
  ///
  /// ```
  /// schedule  = scenario ":" { step | separator }
  /// scenario  = "o" number "e" number [ "w" number ] [ "l" ] [ "g" ] [ "d" ] [ "f" ]
  /// step      = "o" | "e" | "O" | "E" | "x" | "w" | "l" | "g" | "G" | "d" | "f"
  /// separator = " " | "." | "," | "-" | "_"
  /// ```
  ///
  /// In the scenario `o2` is two chunks of stdout, `e1` one of stderr, `w2` two waiters, `l` a late waiter, `g` a
  /// grandchild, `d` a deadline, `f` a force close. As steps, `o` and `e` are chunks, `O` and `E` the ends of stream, `x`
  /// the exit, `w` a waiter, `l` the late one, `g` the grandchild writes and `G` it ends, `d` the deadline, `f` the force
  /// close: a capital letter is an end. `o1e1:xoOeE` needs no quotes in any shell. Steps may stop before the end.
  ///
  /// - Throws: ``ScheduleError`` with the column and what was expected there.
  public init(text: String) throws(ScheduleError) {
    var reader = ScheduleReader(text)
    let scenario = try reader.scenario()
    self.init(checked: scenario, try reader.steps(of: scenario))
  }

  /// The text as ``init(text:)`` reads it, without separators.
  public var text: String { scenario.text + ":" + String(steps.map(\.letter)) }
}

extension Scenario {
  /// The scenario as a schedule's text begins: `o1e1w2lgdf`.
  public var text: String {
    "o\(stdout)e\(stderr)" + (waiters > 0 ? "w\(waiters)" : "") + (hasLateWaiter ? "l" : "")
      + (hasGrandchild ? "g" : "") + (hasDeadline ? "d" : "") + (hasForceClose ? "f" : "")
  }
}

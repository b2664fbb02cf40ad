import ExecModel
import Widgets

extension Model {
  /// How long an execution drains before the holders of its streams are looked up, and the interval
  /// of further lookups.
  private static let holderDelay: UInt64 = 100_000_000
  private static let holderInterval: UInt64 = 2_000_000_000

  mutating func change(_ id: ExecutionID, _ body: (inout ExecutionRow) -> Void) {
    guard let index = index(of: id) else { return }
    body(&rows[index])
  }

  mutating func add(
    _ id: ExecutionID, _ spec: ExecutionSpec, box: String, created: UInt64, _ origin: RowOrigin, _ limits: RowLimits
  ) -> [Effect] {
    guard index(of: id) == nil else { return [] }
    append(
      ExecutionRow(
        id: id, spec: spec, box: box, number: nextNumber(), created: created, origin: origin, limits: limits))
    if origin == .client {
      followClients()
      return dropOldest()
    }
    if awaitedStarts > 0 {
      awaitedStarts -= 1
      awaitedPrompt = nil
      select(rows.count - 1)
    }
    return origin.isOurs ? [] : dropOldest()
  }

  /// Marks attached executions as detached: events recorded from now on do not describe the
  /// commands.
  mutating func leaveAttached() {
    for index in rows.indices where !rows[index].isOver && !rows[index].origin.isOurs { rows[index].isLeft = true }
  }

  /// Expects the answer to a start, and remembers its prompt in case it is refused.
  mutating func awaitStart(of prompt: StartPrompt) {
    awaitedStarts += 1
    awaitedPrompt = prompt
  }

  mutating func refuseStart(_ reason: String) {
    awaitedStarts = max(0, awaitedStarts - 1)
    say(reason, isError: true)
    defer { awaitedPrompt = nil }
    guard var prompt = awaitedPrompt, dialog == nil, !isCovered else { return }
    prompt.problem = reason
    dialog = .start(prompt)
  }

  /// Applies an event of an execution's record.
  mutating func take(_ record: RecordedEvent, of id: ExecutionID) { change(id) { $0.apply(record) } }

  mutating func tick(now: UInt64, clock: String) -> [Effect] {
    let isNewSecond = clock != self.clock
    self.now = max(self.now, now)
    self.clock = clock
    if let notice, notice.until <= now {
      self.notice = nil
      needsDisplay = true
    }
    var effects: [Effect] = []
    for index in rows.indices {
      let wasQuiet = rows[index].isWaiting || rows[index].isOver && rows[index].rate.isQuiet
      if !wasQuiet {
        rows[index].rate.advance(to: now)
        needsDisplay = true
      }
      if wantsHolders(rows[index]) {
        rows[index].holdersAsked = now
        effects.append(.lookUpHolders(rows[index].id))
      }
    }
    needsDisplay = needsDisplay || isNewSecond
    followClients()
    effects += dropOldestOwn()
    if isNewSecond { effects += refreshPicker() + measureUsage() }
    return effects
  }

  private func measureUsage() -> [Effect] {
    let targets = usageTargets
    return targets.isEmpty ? [] : [.measureUsage(targets)]
  }

  private func wantsHolders(_ row: ExecutionRow) -> Bool {
    guard row.origin.isOurs, case .draining = row.state, let exited = row.marks.exited, !row.open.isEmpty,
      now > row.created,
      box(of: row)?.can(.holders) ?? true
    else { return false }
    guard let asked = row.holdersAsked else { return now - row.created >= exited &+ Self.holderDelay }
    return now >= asked &+ Self.holderInterval
  }

  /// Resizes the selected execution's terminal when its pane has another size.
  mutating func resizeTerminal() -> [Effect] {
    guard let row = selected, row.hasTerminal, !row.isOver, row.limits.resize == nil,
      let frame = Layout(self).pane(.stdout),
      row.terminalSize != frame.terminalSize
    else { return [] }
    rows[selection].terminalSize = frame.terminalSize
    return [.resizeTerminal(row.id, frame.terminalSize)]
  }
}

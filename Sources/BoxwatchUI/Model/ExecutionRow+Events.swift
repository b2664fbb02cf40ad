import ExecModel

extension ExecutionRow {
  /// Applies one event of the execution's record.
  ///
  /// After the terminal event only answered waits change the row; an execution that is done stays
  /// done.
  mutating func apply(_ record: RecordedEvent) {
    // After a detach, events no longer describe the command.
    if isLeft { return }
    if isDone {
      if case .wait = record.event { marks.answered(record.time) }
      return
    }
    lastHeard = max(lastHeard, record.time)
    fold.apply(record.event)
    switch record.event {
    case .started(let processIdentifier): self.processIdentifier = processIdentifier
    case .output(let stream, let range, let lines, let endsLine):
      output(stream, range, lines, record.time)
      if let endsLine { note(stream, endsLine: endsLine) }
    case .endOfStream(let stream), .streamEmptied(let stream, _): end(stream, record.time)
    case .exited: marks.exited = marks.exited ?? record.time
    case .timeLimitElapsed: isTimedOut = true
    case .forceClosed, .drainDeadlineElapsed: break
    case .connectionLost, .detached, .startFailed: open = []
    case .gap(let stream, let offset, let gap): miss(RowGap(stream: stream, offset: offset, gap: gap))
    case .evicted(let stream, let offset): evicted[stream] = max(evicted[stream], offset)
    case .stalled(let stream, let number): stalls[stream] = number
    case .resumed(let stream): stalls[stream] = nil
    case .recordLost(let loss): lose(loss)
    case .exit(let conclusion): exit(conclusion, record.time)
    case .wait: marks.answered(record.time)
    }
  }

  private mutating func output(_ stream: ExecStream, _ range: Range<UInt64>, _ lines: UInt64, _ time: UInt64) {
    let before = lengths[stream]
    lengths[stream] = max(before, range.upperBound)
    newlines[stream] = max(newlines[stream], lines)
    // Uses the event's time, so that infrequent ticks do not put the bytes of two half seconds into
    // one bucket.
    rate.advance(to: created &+ time)
    rate.add(lengths[stream] - before)
    marks.arrived(stream, time)
  }

  private mutating func end(_ stream: ExecStream, _ time: UInt64) {
    open = open.removing(stream)
    marks.ended(stream, time)
  }

  /// Records whether a stream's last byte is a newline.
  private mutating func note(_ stream: ExecStream, endsLine: Bool) {
    unterminated = endsLine ? unterminated.removing(stream) : unterminated.inserting(stream)
  }

  /// Records a gap; beyond the limit the oldest are dropped, and the conclusion still reports them.
  private mutating func miss(_ gap: RowGap) {
    gaps.append(gap)
    gaps.removeFirst(max(0, gaps.count - Self.gapLimit))
  }

  /// Records that the rest of the record is lost.
  ///
  /// A live execution shows this and no longer stalls.
  private mutating func lose(_ loss: RecordLoss) {
    recordLoss = loss
    recordStall = nil
    stalls = stalls.map { $0 == 0 ? 0 : nil }
  }

  /// Sets the record's stall, which no event reports while no event can be recorded.
  mutating func take(recordStall number: Int32?) {
    if !isOver, recordLoss == nil { recordStall = number }
  }

  /// Records that the boxwatch that kept the record has died.
  mutating func interrupt() {
    guard !isDone else { return }
    fold.interrupt()
    open = []
    (stalls, recordStall) = ([:], nil)
    holders = []
  }

  private mutating func exit(_ conclusion: Conclusion, _ time: UInt64) {
    marks.exit = time
    open = []
    (stalls, recordStall) = ([:], nil)
    recordLoss = conclusion.recordLoss ?? recordLoss
    holders = []
  }
}

import ExecModel
import Linux

extension EventRecord {
  /// The record kinds; 0 is unused, because a hole reads as zeros.
  private enum Kind: UInt8 {
    case started = 1
    case output, endOfStream, exited, timeLimitElapsed, forceClosed, drainDeadlineElapsed, streamEmptied
    case connectionLost, startFailed, evicted, stalled, resumed, exit, wait, gap, recordLost
  }

  /// Encodes an event into a record's fields.
  init(_ event: ExecutionEvent) {
    switch event {
    case .started(let process):
      self.init(of: .started)
      if let process { (failure, code) = (Self.flag, process) }
    case .output(let stream, let range, let lines, let endsLine):
      self.init(of: .output, stream)
      (first, second, third) = (range.lowerBound, range.upperBound, lines)
      // In a field that older versions ignore; 0 where it is not known.
      status = endsLine.map { $0 ? 1 : 2 } ?? 0
    case .endOfStream(let stream): self.init(of: .endOfStream, stream)
    case .exited(let status):
      self.init(of: .exited)
      put(status)
    case .timeLimitElapsed: self.init(of: .timeLimitElapsed)
    case .forceClosed: self.init(of: .forceClosed)
    case .drainDeadlineElapsed: self.init(of: .drainDeadlineElapsed)
    case .streamEmptied(let stream, let cut):
      self.init(of: .streamEmptied, stream)
      // In a field that older versions ignore.
      first = cut?.word ?? 0
    case .connectionLost: self.init(of: .connectionLost)
    case .detached:
      self.init(of: .connectionLost)
      // Older readers read it as a lost connection.
      failure = Self.flag
    case .startFailed(let failure):
      self.init(of: .startFailed)
      put(failure)
    case .gap(let stream, let offset, let gap):
      self.init(of: .gap, stream)
      (first, code) = (offset, Int32(gap.rawValue))
    case .evicted(let stream, let end):
      self.init(of: .evicted, stream)
      first = end
    case .stalled(let stream, let number):
      self.init(of: .stalled, stream)
      code = number
    case .resumed(let stream): self.init(of: .resumed, stream)
    case .recordLost(let loss):
      self.init(of: .recordLost)
      put(loss)
    case .exit(let conclusion):
      self.init(of: .exit)
      put(conclusion)
    case .wait(let waiter):
      self.init(of: .wait)
      first = waiter
    }
  }

  /// Stores the time of the record in a start's fields; the process started shortly before it.
  ///
  /// Older journals have zeros there.
  mutating func note(_ moment: BootMoment) {
    (first, second, third) = (moment.time, moment.boot.high, moment.boot.low)
  }

  private init(of kind: Kind, _ stream: ExecStream? = nil) {
    self.init(kind: kind.rawValue, stream: stream?.rawValue ?? 0)
  }

  /// The event of a record; nil when its fields are invalid.
  var event: ExecutionEvent? {
    guard let kind = Kind(rawValue: kind) else { return nil }
    switch kind {
    case .started: return .started(processIdentifier: failure & Self.flag != 0 ? code : nil)
    case .output: return output
    case .endOfStream: return ExecStream(rawValue: stream).map(ExecutionEvent.endOfStream)
    case .exited: return exitStatus.map(ExecutionEvent.exited)
    case .timeLimitElapsed: return .timeLimitElapsed
    case .forceClosed: return .forceClosed
    case .drainDeadlineElapsed: return .drainDeadlineElapsed
    case .streamEmptied: return ExecStream(rawValue: stream).map { .streamEmptied($0, StreamCut(word: first)) }
    case .connectionLost: return failure & Self.flag == 0 ? .connectionLost : .detached
    case .startFailed: return startFailure.map(ExecutionEvent.startFailed)
    case .gap: return gap
    case .evicted: return ExecStream(rawValue: stream).map { .evicted($0, upTo: first) }
    case .stalled: return ExecStream(rawValue: stream).map { .stalled($0, errno: code) }
    case .resumed: return ExecStream(rawValue: stream).map(ExecutionEvent.resumed)
    case .recordLost: return .recordLost(loss)
    case .exit: return conclusion.map(ExecutionEvent.exit)
    case .wait: return .wait(waiter: first)
    }
  }

  private var output: ExecutionEvent? {
    guard first <= second, let stream = ExecStream(rawValue: stream) else { return nil }
    return .output(stream, range: first..<second, lines: third, endsLine: endsLine)
  }

  private var endsLine: Bool? {
    switch status {
    case 1: true
    case 2: false
    default: nil
    }
  }

  private var gap: ExecutionEvent? {
    guard let stream = ExecStream(rawValue: stream), let number = UInt8(exactly: code),
      let gap = OutputGap(rawValue: number)
    else { return nil }
    return .gap(stream, at: first, gap)
  }

  /// Whether it is the terminal event, which may lack what is noted in the header (``JournalNotes``).
  var isExit: Bool { kind == Kind.exit.rawValue }
  /// Whether it is the answer to a waiter.
  var isWait: Bool { kind == Kind.wait.rawValue }
  /// The stream, if the record is output.
  var outputStream: ExecStream? { kind == Kind.output.rawValue ? ExecStream(rawValue: stream) : nil }
}

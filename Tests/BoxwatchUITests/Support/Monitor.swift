import BoxwatchUI
import Cells
import ExecModel
import TestSupport
import Widgets

/// A monitor to test: a model, the streams it reads, and what it asked for.
struct Monitor {
  var model: Model
  private var streams: [ExecutionID: [ExecStream: [UInt8]]] = [:]
  private var heads: [ExecutionID: [ExecStream: UInt64]] = [:]
  private var sequences: [ExecutionID: UInt64] = [:]
  private var added = 0
  private(set) var effects: [Effect] = []

  init(_ height: Int = 24, _ width: Int = 100, isUTF8: Bool = true, boxes: [BoxChoice] = [BoxChoice(name: "local")]) {
    model = Model(Display(height: height, width: width, isUTF8: isUTF8), boxes: boxes)
    send(.tick(now: 0, clock: "14:02:11"))
  }

  static func id(_ number: Int) -> ExecutionID {
    guard let id = ExecutionID("exec-\(number)") else { preconditionFailure("a bad identifier in a test") }
    return id
  }

  /// A source for each stream as it stands.
  private var text: TextLookup {
    let streams = streams
    let heads = heads
    return { id, stream in
      streams[id]?[stream].map { InMemoryText($0, head: heads[id]?[stream] ?? 0) }
    }
  }

  @discardableResult
  mutating func send(_ message: Message) -> [Effect] {
    let new = update(&model, message, text: text)
    effects += new
    return new
  }

  /// Adds an execution; they are numbered from 1.
  mutating func add(
    _ command: [String], box: String = "local", input: ExecutionSpec.Input = .closed, terminal: TerminalSize? = nil,
    started: Bool = true, name: String? = nil, drain: DrainPolicy = .untilEndOfStream, origin: RowOrigin = .own,
    limits: RowLimits = .none, user: String? = nil, clientBox: ClientBox? = nil
  ) {
    added += 1
    let id = Self.id(added)
    let spec = ExecutionSpec(
      command: command, name: name, user: user, input: input, terminal: terminal, drain: drain, clientBox: clientBox)
    send(.added(id, spec, box: box, created: model.now, origin: origin, limits: limits))
    if started { event(.started(processIdentifier: 4711), added) }
  }

  mutating func event(_ event: ExecutionEvent, _ number: Int = 1, at time: UInt64 = 0) {
    let id = Self.id(number)
    let sequence = sequences[id, default: 0]
    sequences[id] = sequence + 1
    send(.event(id, RecordedEvent(sequence: sequence, time: time, event: event)))
  }

  /// Appends to a stream and tells it.
  mutating func output(_ text: String, _ number: Int = 1, _ stream: ExecStream = .stdout, at time: UInt64 = 0) {
    output(Array(text.utf8), number, stream, at: time)
  }

  mutating func output(_ bytes: [UInt8], _ number: Int = 1, _ stream: ExecStream = .stdout, at time: UInt64 = 0) {
    let id = Self.id(number)
    let before = streams[id]?[stream] ?? []
    let all = before + bytes
    streams[id, default: [:]][stream] = all
    let lines = UInt64(all.count { $0 == 0x0A })
    let range = UInt64(before.count)..<UInt64(all.count)
    event(.output(stream, range: range, lines: lines, endsLine: all.last == 0x0A), number, at: time)
  }

  mutating func evict(_ stream: ExecStream, upTo offset: UInt64, _ number: Int = 1) {
    heads[Self.id(number), default: [:]][stream] = offset
    event(.evicted(stream, upTo: offset), number)
  }

  /// Tells that bytes are missing at a stream's end.
  mutating func miss(_ gap: OutputGap, _ number: Int = 1, _ stream: ExecStream = .stdout) {
    event(.gap(stream, at: UInt64(streams[Self.id(number)]?[stream]?.count ?? 0), gap), number)
  }

  /// The whole end of an execution: both ends, the exit seen, the terminal event.
  mutating func finish(
    _ status: ExitStatus = .exited(0), _ number: Int = 1, truncated: StreamSet = [], unproven: StreamSet = []
  ) {
    for stream in ExecStream.allCases where !truncated.contains(stream) { event(.endOfStream(stream), number) }
    event(.exited(status), number)
    conclude(status, number, truncated: truncated, unproven: unproven)
  }

  mutating func conclude(
    _ status: ExitStatus = .exited(0), _ number: Int = 1, truncated: StreamSet = [], unproven: StreamSet = []
  ) {
    let outcome = Outcome(status: status, truncated: truncated)
    event(.exit(Conclusion(outcome: outcome, unproven: unproven)), number, at: 3_000_000_000)
    event(.wait(waiter: 1), number, at: 3_000_000_000)
  }

  /// Types a ``KeyScript``.
  @discardableResult
  mutating func type(_ script: String) -> [Effect] {
    KeyScript.keys(script).flatMap { send(.key($0)) }
  }

  var grid: Grid { view(model, text: text) }
  /// The screen as text.
  var screen: String { grid.plainText }
  /// The last row.
  var status: String {
    grid.plainText.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? ""
  }

  func row(_ index: Int) -> String {
    let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.contains(index) ? String(lines[index]) : ""
  }

  /// The rows of the screen with a text, for tests that do not care where.
  func has(_ text: String) -> Bool { screen.contains(text) }
}

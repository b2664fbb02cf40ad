import Console
import ExecEngine
import ExecModel
import Instances
import JSON
import Journal
import Linux
import Synchronization

/// Writes one JSON object for each event, in the engine's order.
final class JSONConsumer: EventConsumer {
  private struct State {
    let reader: RecordedOutputReader
    var ends = PerStream<UInt64>()
    var joiners = PerStream(repeating: UTF8Joiner())
    var conclusion: Conclusion?
    /// The last event, to which incomplete output is attributed when reading ends.
    var last: (event: RecordedEvent, journal: JournalReader)?
  }

  private let id: ExecutionID
  private let name: String
  private let output: OutputDescriptor
  private let onClosed: @Sendable () -> Void
  private let streams: StreamSet
  private let state: Mutex<State>

  /// - Parameter streams: the streams whose output is written.
  init(
    id: ExecutionID, name: String, _ output: OutputDescriptor, streams: StreamSet = .both, losses: Losses = .fail,
    _ buffer: ReadBuffer, onClosed: @escaping @Sendable () -> Void
  ) {
    self.id = id
    self.name = name
    self.output = output
    self.onClosed = onClosed
    self.streams = streams
    let missing: RecordedOutputReader.Missing = { stream, range in
      if try output.write(Self.evicted(id, stream, range)) == .closed { onClosed() }
    }
    state = Mutex(State(reader: RecordedOutputReader(buffer, missing: losses == .reported ? missing : nil)))
  }

  func take(_ event: RecordedEvent, _ journal: JournalReader) throws {
    try state.withLock { state in
      state.last = (event, journal)
      try take(event, journal, &state)
    }
  }

  func finish() throws {
    try state.withLock { state in
      for stream in streams.streams {
        if let (event, journal) = state.last { try finish(event, stream, journal, &state) }
        try state.reader.finish(stream)
      }
    }
  }

  private func take(_ event: RecordedEvent, _ journal: JournalReader, _ state: inout State) throws {
    switch event.event {
    case .started(let pid): try write(event, "started", journal) { self.describe(journal, pid, &$0) }
    case .output(let stream, _, _, _) where !streams.contains(stream): break
    case .output(let stream, let range, _, _): try take(event, stream, range, journal, &state)
    case .endOfStream(let stream), .streamEmptied(let stream, _): try finish(event, stream, journal, &state)
    case .exited(let status): try write(event, "exited", journal) { Self.describe(status, &$0) }
    case .exit(let conclusion):
      for stream in ExecStream.allCases { try finish(event, stream, journal, &state) }
      state.conclusion = conclusion
      try write(event, "exit", journal) { Self.describe(conclusion, &$0) }
    case .wait(let waiter):
      let status = state.conclusion?.outcome.status
      try write(event, "wait", journal) { line in
        line.add("waiter", waiter)
        if let status { line.add("code", status.shellCode) }
      }
    case .gap(let stream, let offset, let gap):
      try write(event, "gap", journal) { Self.describe(stream, offset, gap, &$0) }
    case .recordLost(let loss): try write(event, "record_lost", journal) { Self.describe(loss, &$0) }
    case .stalled, .resumed, .evicted, .timeLimitElapsed, .forceClosed, .drainDeadlineElapsed, .connectionLost,
      .detached,
      .startFailed:
      break
    }
  }

  private func take(
    _ event: RecordedEvent, _ stream: ExecStream, _ range: Range<UInt64>, _ journal: JournalReader,
    _ state: inout State
  ) throws {
    let reader = state.reader
    try reader.read(journal, stream, range) { offset, bytes in
      // The missing bytes may have included the rest of a character.
      if offset > state.ends[stream] { try finish(event, stream, journal, &state) }
      let held = UInt64(state.joiners[stream].rest.count)
      state.ends[stream] = offset + UInt64(bytes.count)
      if let piece = state.joiners[stream].take(bytes) {
        try write(piece, of: stream, at: offset - min(held, offset), event, journal)
      }
    }
  }

  private func finish(
    _ event: RecordedEvent, _ stream: ExecStream, _ journal: JournalReader, _ state: inout State
  ) throws {
    let held = UInt64(state.joiners[stream].rest.count)
    guard let piece = state.joiners[stream].finish() else { return }
    try write(piece, of: stream, at: state.ends[stream] - min(held, state.ends[stream]), event, journal)
  }

  private func write(
    _ piece: UTF8Joiner.Piece, of stream: ExecStream, at offset: UInt64, _ event: RecordedEvent,
    _ journal: JournalReader
  ) throws {
    try write(event, stream.name, journal) { line in
      line.add("offset", offset)
      switch piece {
      case .text(let text): line.add("text", text)
      case .bytes(let bytes): line.add("base64", Base64.encode(bytes))
      }
    }
  }

  private func write(
    _ event: RecordedEvent, _ kind: String, _ journal: JournalReader, _ fields: (inout JSONLine) -> Void
  ) throws {
    var line = JSONLine()
    line.add("event", kind)
    line.add("seq", event.sequence)
    line.add("time", journal.identity.moment(of: event).map { WallClock.text($0) })
    line.add("id", id.description)
    fields(&line)
    if try output.write(line) == .closed { onClosed() }
  }
}

// MARK: - Fields

extension JSONConsumer {
  private func describe(_ journal: JournalReader, _ processIdentifier: Int32?, _ line: inout JSONLine) {
    line.add("name", name)
    line.add("box", journal.identity.box)
    if let box = journal.spec.clientBox { line.add(box) }
    if let user = journal.spec.user { line.add("user", user) }
    line.add("command", journal.spec.command)
    if let processIdentifier { line.add("pid", processIdentifier) }
  }

  private static func evicted(_ id: ExecutionID, _ stream: ExecStream, _ range: Range<UInt64>) -> JSONLine {
    var line = JSONLine()
    line.add("event", "evicted")
    line.add("id", id.description)
    line.add("stream", stream.name)
    line.add("offset", range.lowerBound)
    line.add("bytes", range.upperBound - range.lowerBound)
    return line
  }

  private static func describe(_ status: ExitStatus, _ line: inout JSONLine) {
    line.add("status", status.words)
    line.add("code", status.shellCode)
    if case .signalled(let number, let dumped) = status {
      line.add("signal", number)
      line.add("core_dumped", dumped)
    }
  }

  private static func describe(_ stream: ExecStream, _ offset: UInt64, _ gap: OutputGap, _ line: inout JSONLine) {
    line.add("stream", stream.name)
    line.add("offset", offset)
    line.add("reason", gap.words)
  }

  private static func describe(_ loss: RecordLoss, _ line: inout JSONLine) {
    line.add("reason", loss.reason)
    line.add("errno", loss.errno)
    line.add("stdout_bytes", loss.offsets.stdout)
    line.add("stderr_bytes", loss.offsets.stderr)
  }

  private static func describe(_ conclusion: Conclusion, _ line: inout JSONLine) {
    describe(conclusion.outcome.status, &line)
    line.add("complete", conclusion.outcome.isComplete)
    line.add("truncated", conclusion.outcome.truncated.streams.map(\.name))
    for stream in ExecStream.allCases {
      guard let cut = conclusion.cuts[stream] else { continue }
      line.add("\(stream.name)_cut", cut.name)
      line.add("\(stream.name)_cut_reason", cut.words)
    }
    line.add("unproven", conclusion.unproven.streams.map(\.name))
    if let loss = conclusion.recordLoss { line.add("record_lost", loss.reason) }
    line.add("stdout_bytes", conclusion.bytes.stdout)
    line.add("stderr_bytes", conclusion.bytes.stderr)
    line.add("evicted_bytes", conclusion.evicted.total)
  }
}

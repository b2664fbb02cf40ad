import BoxLiteWire
import ExecEngine
import ExecModel
import NIOCore

// From the connection to the sink.
extension AttachSession {
  /// A stall this long may have made a server without offsets skip output: it keeps 256 chunks for
  /// a slow client.
  private static let longStall = TimeAmount.seconds(1)

  func received(_ channel: OutputChannel, _ bytes: borrowing RawSpan) {
    guard let sink = state.sink, !state.hasExit, let stream = ExecStream(rawValue: channel.rawValue),
      let join = state.joins[stream]
    else { return drop() }
    state.lastOutput = .now()
    state.sinceLook &+= bytes.byteCount
    guard setup.hasOffsets, join.isPlain, state.reports.isEmpty else {
      return receive(stream, bytes.withUnsafeBytes { Array($0) })
    }
    // The common path: no copy, unless the sink stops in the middle of the bytes.
    state.joins[stream]?.note(UInt64(bytes.byteCount))
    apply(.progress)
    let taken = sink.output(stream, bytes)
    guard taken < bytes.byteCount else { return }
    state.reports.append(.output(stream, bytes.withUnsafeBytes { Array($0[taken...])[...] }))
    stall()
  }

  private func receive(_ stream: ExecStream, _ bytes: [UInt8]) {
    let delivery = state.joins[stream]?.take(bytes, remembers: !setup.hasOffsets)
    guard let delivery else {
      if state.joins[stream]?.hasAdvanced() == true { apply(.progress) }
      return waitForSettling()
    }
    push(stream, delivery)
    flush()
  }

  func push(_ stream: ExecStream, _ delivery: StreamJoin.Delivery) {
    if let gap = delivery.gap { state.reports.append(.gap(stream, gap)) }
    guard !delivery.bytes.isEmpty else { return }
    state.reports.append(.output(stream, delivery.bytes[...]))
    apply(.progress)
  }

  /// Delivers waiting reports to the sink until it takes no more.
  func flush() {
    guard !state.isStalled else { return }
    while let sink = state.sink, let report = state.reports.popFirst() {
      guard give(report, sink) else { return stall() }
    }
  }

  /// Makes one report; false when the sink did not take all of it.
  private func give(_ report: Report, _ sink: any ExecutionSink) -> Bool {
    switch report {
    case .output(let stream, let bytes):
      let taken = sink.output(stream, bytes.span.bytes)
      if taken < bytes.count { state.reports.prepend(.output(stream, bytes.dropFirst(taken))) }
      return taken >= bytes.count
    case .gap(let stream, let gap): sink.gap(stream, gap)
    case .end(let stream): sink.endOfStream(stream)
    case .exited(let status): sink.exited(status)
    case .lost: giveUp(sink)
    }
    return true
  }

  /// Reports the streams that are still open as given up, by the server or by the engine within the
  /// report of the exit.
  private func giveUp(_ sink: any ExecutionSink) {
    for stream in state.emptied.streams { sink.emptied(stream) }
    sink.connectionLost()
  }

  private func stall() {
    guard !state.isStalled else { return }
    (state.isStalled, state.stalledAt) = (true, .now())
    state.socket?.hold()
  }

  /// Called when the sink can take output again.
  func resume() {
    guard state.isStalled else { return }
    state.isStalled = false
    if !setup.hasOffsets, NIODeadline.now() - state.stalledAt > Self.longStall { doubt() }
    flush()
    if !state.isStalled { state.socket?.resume() }
  }

  private func doubt() {
    let rest = state.reports
    state.reports.removeAll()
    // The bytes that were read before the stall come first; what may be missing follows them.
    let outputs = rest.prefix { if case .output = $0 { true } else { false } }
    state.reports.append(contentsOf: outputs)
    for stream in setup.streams.streams where !state.hasExit { state.reports.append(.gap(stream, .uncertain)) }
    state.reports.append(contentsOf: rest.dropFirst(outputs.count))
  }
}

// MARK: - Settling

extension AttachSession {
  private func waitForSettling() {
    guard !state.isSettleTimed else { return }
    state.isSettleTimed = true
    loop.scheduleTask(in: TimeAmount(setup.options.quiet)) { self.settleIfQuiet() }
  }

  /// Fewer bytes than this between two checks are a trickle, not a backlog in transit, however slow
  /// the connection is.
  private static let trickle = 16_384

  private func settleIfQuiet() {
    state.isSettleTimed = false
    let isTrickle = state.sinceLook < Self.trickle
    state.sinceLook = 0
    let now = NIODeadline.now()
    let isQuiet = now - state.lastOutput >= TimeAmount(setup.options.quiet)
    if isQuiet || isTrickle && now - state.attachedAt >= TimeAmount(setup.options.settle) {
      for stream in setup.streams.streams {
        if let delivery = state.joins[stream]?.settle() { push(stream, delivery) }
      }
      flush()
    }
    if state.joins.values.contains(where: { $0?.isHolding == true }), state.socket != nil { waitForSettling() }
  }
}

/// A report that waits for the sink.
enum Report: Sendable {
  case output(ExecStream, ArraySlice<UInt8>)
  case gap(ExecStream, OutputGap)
  case end(ExecStream)
  case exited(ExitStatus)
  /// Nothing more is known; when the exit was reported, the streams that are still open were given
  /// up.
  case lost
}

/// The meaning of an error frame for the output; the connection stays open.
enum ServerNote: Hashable {
  /// These streams were given up before their end.
  case truncated(StreamSet)
  /// Bytes before this offset of the stream are gone from the server's record.
  case missing(ExecStream, before: UInt64)
  /// Some of the following output may be repeated.
  case mayRepeat
  /// Everything is replayed, from the first byte.
  case replayed
  /// The command takes no more input.
  case inputClosed
  /// It does not concern the output.
  case other

  /// Parses the messages of our own server; a real BoxLite server has none of these codes.
  init(message: String, code: String) {
    switch code {
    case "output_truncated":
      let named = StreamSet(ExecStream.allCases.filter { message.contains($0.name) }.map(StreamSet.init))
      self = .truncated(named.isEmpty ? .both : named)
    case "output_lost": self = Self.missing(message) ?? .other
    case "output_may_repeat": self = .mayRepeat
    case "output_replayed": self = .replayed
    case "stdin_closed": self = .inputClosed
    default: self = .other
    }
  }

  /// Parses `STREAM: bytes A to B are gone`.
  private static func missing(_ message: String) -> ServerNote? {
    guard let stream = ExecStream.allCases.first(where: { message.hasPrefix($0.name + ":") }),
      let end = message.split(separator: " ").compactMap({ UInt64($0) }).last
    else { return nil }
    return .missing(stream, before: end)
  }
}

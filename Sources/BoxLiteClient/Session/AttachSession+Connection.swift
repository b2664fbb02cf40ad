import BoxLiteWire
import ExecEngine
import ExecModel
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

// Carries out the machine's actions, and passes the connection's events to it.
extension AttachSession {
  func apply(_ input: AttachMachine.Input) {
    guard state.sink != nil else { return }
    switch state.machine.apply(input, at: NIODeadline.now().uptimeNanoseconds) {
    case .none, .drop: break
    case .connect(let purpose): connect(purpose)
    case .probe: probe()
    case .pause(let pause):
      state.pause = loop.scheduleTask(in: TimeAmount(pause)) { self.apply(.pauseOver) }
    case .finish(let end): conclude(end)
    }
  }

  func connect(_ purpose: AttachMachine.Purpose) {
    guard state.sink != nil else { return }
    let query = AttachQuery(allowsInput: setup.allowsInput, from: setup.hasOffsets ? offsets : nil)
    let target = AttachTarget(box: setup.box, execution: setup.execution, query: query)
    let socket = AttachSocket(setup.client, target, receiver: self, times: setup.options.attach, loop: loop)
    state.socket = socket
    if state.isStalled { socket.hold() }
    socket.open()
  }

  private func beginReplay() {
    let isFirst = state.machine.state == .connecting(.first)
    let late = isFirst && !setup.isOurs ? OutputGap.joinedLate : .uncertain
    let isExact = setup.hasOffsets || !setup.options.joins
    for stream in setup.streams.streams { state.joins[stream]?.begin(isExact ? .exact : .backlog(late: late)) }
  }

  private var offsets: (stdout: UInt64, stderr: UInt64) {
    (state.joins[.stdout]?.count ?? 0, state.joins[.stderr]?.count ?? 0)
  }

  private func probe() {
    let (client, path) = (setup.client, RESTClient.path(box: setup.box, execution: setup.execution))
    client.begin(.GET, path, within: setup.options.probe, answeringOn: loop).flatMapThrowing { body in
      try client.read(body, ExecutionReply.init)
    }.whenComplete { result in
      switch result {
      case .success(let reply): self.apply(reply.status.isOver ? .completed(code: reply.exitCode) : .running)
      case .failure(let error):
        let error = ClientError.failed(error, at: client.endpoint)
        self.state.lastWord = error.description
        self.apply(.noStatus(Refusal(error)))
      }
    }
  }
}

extension AttachSession: AttachReceiver {
  func attached() {
    (state.attachedAt, state.lastOutput, state.hasSentEnd) = (.now(), .now(), false)
    if let entry = state.entry {
      state.entry = nil
      state.sink?.started(processIdentifier: nil)
      entry.succeed()
    }
    beginReplay()
    apply(.opened)
    pumpInput()
  }

  func ended(_ end: AttachEnd) {
    state.socket = nil
    guard state.sink != nil, !state.hasExit else { return }
    state.lastWord = end.words
    logger.debug("the connection ended", metadata: ["execution": "\(setup.execution)", "why": "\(end.words)"])
    switch end {
    case .closed, .cut: apply(.cut)
    case .refused(let error):
      if let entry = state.entry { return turnAway(entry, error) }
      apply(.refused(Refusal(error)))
    }
  }

  /// Fails the pending attach; the sink is not called.
  private func turnAway(_ entry: EventLoopPromise<Void>, _ error: ClientError) {
    (state.entry, state.sink) = (nil, nil)
    _ = markOver()
    entry.fail(error)
  }

  func received(_ message: ServerMessage) {
    guard state.sink != nil, !state.hasExit else { return drop() }
    switch message {
    case .exit(let code):
      state.hasExit = true
      apply(.exit(code))
    case .error(let message, let code): take(ServerNote(message: message, code: code))
    }
  }

  private func take(_ note: ServerNote) {
    switch note {
    case .truncated(let streams): state.truncated.formUnion(streams)
    case .missing(let stream, let end): missing(stream, before: end)
    case .mayRepeat:
      for stream in setup.streams.streams {
        state.joins[stream]?.begin(.exact)
        push(stream, StreamJoin.Delivery(gap: .uncertain, bytes: []))
      }
    case .replayed: for stream in setup.streams.streams { state.joins[stream]?.begin(.whole) }
    case .inputClosed: for completion in state.input.giveUp() { completion(.brokenPipe) }
    case .other: break
    }
  }

  /// Reports bytes that the server's own record dropped before we received them.
  private func missing(_ stream: ExecStream, before end: UInt64) {
    guard let join = state.joins[stream], join.count < end else { return }
    let isLate = join.count == 0 && !setup.isOurs
    state.joins[stream]?.jump(to: end)
    push(stream, StreamJoin.Delivery(gap: isLate ? .joinedLate : .lost, bytes: []))
  }

  func drop() { dropped.add(1, ordering: .relaxed) }
}

import ExecEngine
import ExecModel
import Logging
import NIOCore

/// One container's log, read to the end of its main process: passes its connection's events and the engine's answers
/// to the machine, and performs its actions; runs on the engine's event loop.
final class LogSession {
  let client: EngineClient
  let container: ContainerInspection
  let streams: StreamSet
  /// Completed when the log is read, or failed when it cannot be.
  let begun: EventLoopPromise<Void>
  private let sink: LogSink
  private var machine: LogMachine
  private var timer: Scheduled<Void>?
  private lazy var stream = makeStream()

  init(_ client: EngineClient, _ container: ContainerInspection, _ facts: EngineFacts, sink: any ExecutionSink) {
    self.client = client
    self.container = container
    self.sink = LogSink(sink)
    streams = container.hasTerminal ? .stdout : .both
    machine = LogMachine(container, follows: facts.kind == .docker)
    begun = client.loop.makePromise()
  }

  /// Reads the log from its first byte.
  func start() { apply(.start) }

  /// Offers output again that the sink did not take.
  func resume() { stream.resume() }

  /// Closes streams that are no longer wanted.
  func empty(_ streams: StreamSet) {
    guard machine.state != .over else { return }
    for stream in streams.streams { sink.emptied(stream) }
  }

  private func makeStream() -> FrameStream {
    FrameStream(container.hasTerminal ? .raw : .framed, isHeld: true, for: self)
  }
}

extension LogSession: FrameReceiver {
  func take(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int { sink.output(stream, bytes) }

  func hasArrived() {}

  func delivered(_ end: StreamEnd) { apply(.ended(isWhole: end == .said && stream.isBetweenFrames)) }
}

// MARK: - Actions

extension LogSession {
  func apply(_ input: LogMachine.Input) {
    switch machine.apply(input, at: NIODeadline.now().uptimeNanoseconds) {
    case .none, .drop: break
    case .open(let follows): open(follows: follows)
    case .begin: begin()
    case .read: stream.deliverHeld()
    case .wait(let nanoseconds): wait(.nanoseconds(nanoseconds))
    case .ask: ask()
    case .fail(let error):
      close()
      begun.fail(BoxError(.box, error.description))
    case .finish(let code, let isWhole): finish(code, isWhole: isWhole)
    case .lose(let loss): lose(loss)
    case .close: close()
    }
  }

  private func open(follows: Bool) {
    stream.close()
    stream = makeStream()
    sink.beginAgain()
    client.asked().assumeIsolated().flatMap { [self] facts in
      let path = "/containers/\(container.identifier)/logs?stdout=1&stderr=1&follow=\(follows ? 1 : 0)"
      return client.open(stream, .get(facts.prefix + path)).nonisolated()
    }.whenComplete { [self] result in
      switch result {
      case .success: apply(.opened)
      case .failure(let error): apply(.refused(EngineAPIError(error, at: client.address)))
      }
    }
  }

  private func begin() {
    let number = container.processIdentifier
    sink.started(processIdentifier: number > 0 ? number : nil)
    begun.succeed()
    stream.deliverHeld()
  }

  private func wait(_ pause: TimeAmount) {
    stream.close()
    timer = client.loop.assumeIsolated().scheduleTask(in: pause) { [self] in apply(.due) }
  }

  private func ask() {
    client.inspectContainer(container.identifier).assumeIsolated().whenComplete { [self] result in
      switch result {
      case .success(let now): apply(.answer(now))
      case .failure(let error): apply(.noAnswer(EngineAPIError(error, at: client.address)))
      }
    }
  }

  private func finish(_ code: Int32, isWhole: Bool) {
    let unproven = isWhole ? sink.unproven(streams) : streams
    for stream in unproven.streams { sink.gap(stream, .unprovenEnd) }
    for stream in streams.streams { sink.endOfStream(stream) }
    sink.exited(.exited(code))
    close()
  }

  private func lose(_ loss: LogMachine.Loss) {
    ExecSession.logger.warning(
      "container lost", metadata: ["container": "\(container.identifier)", "reason": "\(loss)"])
    sink.lose(streams)
    close()
  }

  /// Detaches from the container, which goes on.
  private func close() {
    timer?.cancel()
    stream.close()
  }
}

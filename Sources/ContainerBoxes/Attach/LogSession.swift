import ExecEngine
import ExecModel
import Logging
import NIOCore

/// One container's log, read to the end of its main process; everything happens on the engine's event loop.
///
/// Docker's log is followed, and read once more when the container has ended; Podman's, which leaves lines out where it
/// is followed, is read again and again. States: *opening*, *reading*, *asking* (for the container's state), *over*.
final class LogSession {
  enum Phase {
    case opening, reading, asking, over
  }

  let client: EngineClient
  let container: ContainerInspection
  let streams: StreamSet
  let begun: EventLoopPromise<Void>
  private let sink: LogSink
  private var stream: FrameStream
  private var channel: (any Channel)?
  private var phase = Phase.opening
  private var follows = true
  /// The exit code, once the container has ended: then this reading is the last.
  private var exitCode: Int32?
  private var readingBegan = NIODeadline.now()
  private var tries = 0

  init(_ client: EngineClient, _ container: ContainerInspection, sink: any ExecutionSink) {
    self.client = client
    self.container = container
    self.sink = LogSink(sink)
    streams = container.hasTerminal ? .stdout : .both
    begun = client.loop.makePromise()
    stream = Self.stream(container, self.sink)
  }

  private static func stream(_ container: ContainerInspection, _ sink: LogSink) -> FrameStream {
    FrameStream(container.hasTerminal ? .raw : .framed, isHeld: true) { sink.output($0, $1) }
  }

  /// Reads the log from its first byte.
  ///
  /// ``begun`` tells whether it can be read.
  func start(_ facts: EngineFacts) {
    follows = facts.kind == .docker
    exitCode = container.isRunning ? nil : container.exitCode
    open(facts, follows: follows && exitCode == nil).assumeIsolated().whenComplete { [self] result in
      switch result {
      case .success:
        let number = container.processIdentifier
        sink.started(processIdentifier: number > 0 ? number : nil)
        begun.succeed()
        read()
      case .failure(let error):
        close()
        begun.fail(BoxError(.box, EngineAPIError(error, at: client.address).description))
      }
    }
  }

  private func open(_ facts: EngineFacts, follows: Bool) -> EventLoopFuture<Void> {
    readingBegan = .now()
    return client.open(stream) { [self] channel in
      self.channel = channel
      EngineRequest.get(facts.prefix + path(follows: follows)).send(to: channel, host: "engine")
    }.nonisolated()
  }

  private func path(follows: Bool) -> String {
    "/containers/\(container.identifier)/logs?stdout=1&stderr=1&follow=\(follows ? 1 : 0)"
  }

  /// Goes on with a stream that was not taken.
  func resume() { stream.resume() }

  /// Closes a stream for whom it is not wanted any more.
  func empty(_ streams: StreamSet) {
    guard phase != .over else { return }
    for stream in streams.streams { sink.emptied(stream) }
  }

  /// Lets go of the container, which runs on.
  func close() {
    phase = .over
    stream.drop()
    channel?.close(promise: nil)
    channel = nil
  }
}

// MARK: - Reading, and asking

extension LogSession {
  /// An engine that was restarted has this long to come back.
  private static let mostTries = 50

  private func read() {
    guard phase != .over else { return }
    phase = .reading
    stream.letGo { [unowned self] end in readingEnded(end) }
  }

  private func readingEnded(_ end: StreamEnd) {
    guard phase == .reading else { return }
    phase = .asking
    channel?.close(promise: nil)
    let isWhole = end == .said && stream.isBetweenFrames
    if let exitCode { return finish(code: exitCode, isWhole: isWhole) }
    if isWhole { tries = 0 }
    // A reading from the beginning costs the more, the longer the log: it gets a tenth of the time.
    let pause = follows || !isWhole ? .milliseconds(20) : max(.milliseconds(100), (.now() - readingBegan) * 10)
    ask(after: pause)
  }

  private func ask(after pause: TimeAmount) {
    client.loop.assumeIsolated().scheduleTask(in: pause) { [self] in
      guard phase == .asking else { return }
      client.inspectContainer(container.identifier).assumeIsolated().whenComplete { [self] result in answer(result) }
    }
  }

  private func answer(_ result: Result<ContainerInspection, any Error>) {
    guard phase == .asking else { return }
    switch result {
    case .success(let now) where now.startedAt != container.startedAt:
      lose("the container was started again, and its exit code is gone")
    case .success(let now) where !now.isRunning:
      exitCode = now.exitCode
      readAgain()
    case .success where !follows: readAgain()
    case .success: again("the connection ended, and the container runs on")
    case .failure(let error):
      let error = EngineAPIError(error, at: client.address)
      if error.isRefusal { lose(error.description) } else { again(error.description) }
    }
  }

  private func again(_ trouble: String) {
    tries += 1
    if tries < Self.mostTries { ask(after: .milliseconds(100)) } else { lose(trouble) }
  }

  private func readAgain() {
    sink.beginAgain()
    stream = Self.stream(container, sink)
    client.asked().assumeIsolated().flatMap { [self] facts in open(facts, follows: false) }.whenComplete {
      [self] result in
      switch result {
      case .success: read()
      case .failure(let error): again("\(EngineAPIError(error, at: client.address))")
      }
    }
  }

  private func finish(code: Int32, isWhole: Bool) {
    let unproven = isWhole ? sink.unproven(streams) : streams
    for stream in unproven.streams { sink.gap(stream, .unprovenEnd) }
    for stream in streams.streams { sink.endOfStream(stream) }
    sink.exited(.exited(code))
    close()
  }

  private func lose(_ reason: String) {
    ExecSession.logger.warning(
      "container lost", metadata: ["container": "\(container.identifier)", "reason": "\(reason)"])
    sink.lose(streams)
    close()
  }
}

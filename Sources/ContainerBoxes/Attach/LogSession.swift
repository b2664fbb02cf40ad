import ExecEngine
import ExecModel
import Logging
import NIOCore
import Synchronization

/// How much of one stream of a log was delivered, and whether a later read of the log starts with
/// the same bytes.
///
/// Engines that follow a log omit lines: at the end (Docker), or anywhere (Podman). Only a read
/// from the beginning is complete; the part already delivered is skipped. A log that was rotated
/// meanwhile starts with other bytes.
struct LogSeam: Hashable, Sendable {
  /// What to do with the next bytes of a read.
  enum Step: Hashable, Sendable {
    /// This many were already delivered.
    case known(Int)
    /// They are new.
    case new
    /// The log does not start as before: its continuation is unknown.
    case strange
  }

  private var count: UInt64 = 0
  private var hash = Self.start
  private var checked: UInt64 = 0
  private var check = Self.start

  // FNV-1a, 64 bits: two reads are compared, and an adversary gains nothing by an undetected
  // difference.
  private static let start: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let prime: UInt64 = 0x100_0000_01B3

  private static func fold(_ hash: UInt64, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
    bytes.reduce(hash) { ($0 ^ UInt64($1)) &* prime }
  }

  /// Starts another read of the log from its beginning.
  mutating func restart() { (checked, check) = (0, Self.start) }

  /// Examines the next bytes of a read.
  mutating func step(_ bytes: UnsafeRawBufferPointer) -> Step {
    guard checked < count else { return check == hash ? .new : .strange }
    let known = Int(min(UInt64(bytes.count), count - checked))
    check = Self.fold(check, UnsafeRawBufferPointer(rebasing: bytes[..<known]))
    checked += UInt64(known)
    return .known(known)
  }

  /// Records new bytes of this read that were delivered.
  mutating func handedOn(_ bytes: UnsafeRawBufferPointer) {
    count &+= UInt64(bytes.count)
    hash = Self.fold(hash, bytes)
    (checked, check) = (count, hash)
  }

  /// Whether this read contained everything that earlier ones did, byte for byte.
  var isProven: Bool { checked == count && check == hash }
}

/// Sits before the real sink, and passes only the new part of a log that is read repeatedly from
/// its beginning.
final class LogSink: ExecutionSink {
  private let sink: any ExecutionSink
  private let seams = Mutex<PerStream<LogSeam?>>([:])

  init(_ sink: any ExecutionSink) { self.sink = sink }

  /// The log is read from its beginning from now on.
  func beginAgain() {
    seams.withLock { seams in
      for stream in ExecStream.allCases { seams[stream]?.restart() }
    }
  }

  /// The streams of which this read lacked earlier bytes.
  func unproven(_ streams: StreamSet) -> StreamSet {
    seams.withLock { seams in
      seams.streams { $0?.isProven == false }.intersection(streams)
    }
  }

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    bytes.withUnsafeBytes { bytes in
      switch seams.withLock({ Self.step(&$0[stream], bytes) }) {
      case .known(let count): return count
      case .strange: return bytes.count
      case .new: return handOn(stream, bytes)
      }
    }
  }

  private static func step(_ seam: inout LogSeam?, _ bytes: UnsafeRawBufferPointer) -> LogSeam.Step {
    var next = seam ?? LogSeam()
    defer { seam = next }
    return next.step(bytes)
  }

  private func handOn(_ stream: ExecStream, _ bytes: UnsafeRawBufferPointer) -> Int {
    let taken = max(0, min(sink.output(stream, bytes.bytes), bytes.count))
    seams.withLock { $0[stream]?.handedOn(UnsafeRawBufferPointer(rebasing: bytes[..<taken])) }
    return taken
  }

  func started(processIdentifier: Int32?) { sink.started(processIdentifier: processIdentifier) }
  func gap(_ stream: ExecStream, _ gap: OutputGap) { sink.gap(stream, gap) }
  func endOfStream(_ stream: ExecStream) { sink.endOfStream(stream) }
  func emptied(_ stream: ExecStream) { sink.emptied(stream) }
  func failed(_ stream: ExecStream, errno: Int32) { sink.failed(stream, errno: errno) }
  func exited(_ status: ExitStatus) { sink.exited(status) }
  func connectionLost() { sink.connectionLost() }
}

/// One container's log, read to the end of its main process; runs on the engine's event loop.
///
/// Docker's log is followed, and read once more when the container has ended; Podman's, which omits
/// lines when it is followed, is read repeatedly. States: *opening*, *reading*, *asking* (for the
/// container's state), *over*.
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
  /// The exit code, once the container has ended: then this read is the last.
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
  /// ``begun`` reports whether it can be read.
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

  /// Continues a stream that the sink did not take.
  func resume() { stream.resume() }

  /// Closes streams that are no longer wanted.
  func empty(_ streams: StreamSet) {
    guard phase != .over else { return }
    for stream in streams.streams { sink.emptied(stream) }
  }

  /// Detaches from the container, which goes on.
  func close() {
    phase = .over
    stream.drop()
    channel?.close(promise: nil)
    channel = nil
  }
}

// MARK: - Reading, and asking

extension LogSession {
  /// The number of attempts to reach an engine that was restarted.
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
    // The longer the log, the more a read from the beginning costs: it may use a tenth of the time.
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
      lose("the container was restarted, and its exit code is lost")
    case .success(let now) where !now.isRunning:
      exitCode = now.exitCode
      readAgain()
    case .success where !follows: readAgain()
    case .success: again("the connection ended, and the container is still running")
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

import ExecEngine
import ExecModel
import Glibc
import NIOCore
import Synchronization

/// What is known of an exec that somebody else started.
struct OtherExec: Sendable {
  let client: EngineClient
  let identifier: String
  let inspection: ExecInspection
  /// Its process on this host; nil when it is over, or the engine's host is another.
  let process: HostProcess?

  init(client: EngineClient, identifier: String, inspection: ExecInspection) {
    self.client = client
    self.identifier = identifier
    self.inspection = inspection
    process = HostProcess(inspection.processIdentifier, container: inspection.container)
  }

  var streams: StreamSet { inspection.hasTerminal ? .stdout : .both }
  var processIdentifier: Int32? { inspection.processIdentifier > 0 ? inspection.processIdentifier : nil }

  /// Whether its process was found on this host, and is gone.
  var isOver: Bool { process.map { !$0.isThere } ?? false }

  /// Signals it by kill(2).
  func signal(_ signal: Signal) throws(SignalError) {
    guard signal.isValid else { throw .system(EINVAL) }
    guard let process else { throw .unsupported }
    switch process.signal(signal.number) {
    case 0: return
    case ESRCH: throw .ended
    case let number: throw .system(number)
    }
  }
}

/// An exec whose output reaches only whoever started it: its end and its exit code are asked for.
final class SeenExec: WatchedExec {
  private struct State {
    var isOver = false
    var failures = 0
  }

  private static let pause = TimeAmount.milliseconds(250)
  /// An engine that was restarted has this long to come back.
  private static let mostFailures = 40

  let exec: OtherExec
  let sink: any ExecutionSink
  private let state = Mutex(State())

  /// - Parameter gap: why there is no output.
  init(_ exec: OtherExec, missing gap: OutputGap, _ sink: any ExecutionSink) {
    self.exec = exec
    self.sink = sink
    sink.started(processIdentifier: exec.processIdentifier)
    for stream in exec.streams.streams { sink.gap(stream, gap) }
    exec.client.loop.execute { [self] in take(.success(exec.inspection)) }
  }

  private func ask() {
    exec.client.inspectExec(exec.identifier).whenComplete { [self] in take($0) }
  }

  private func take(_ result: Result<ExecInspection, any Error>) {
    guard !isOver else { return }
    switch result {
    case .success(let inspection) where !inspection.isRunning && inspection.hasStarted:
      sink.exited(.exited(inspection.exitCode ?? 0))
      finish()
    case .success:
      state.withLock { $0.failures = 0 }
      askLater()
    case .failure(let error):
      let error = EngineAPIError(error, at: exec.client.address)
      let isOut = state.withLock { state in
        state.failures += 1
        return state.failures > Self.mostFailures
      }
      if error.isRefusal || isOut { finish() } else { askLater() }
    }
  }

  private func askLater() { exec.client.loop.scheduleTask(in: Self.pause) { [self] in ask() } }

  /// None of its output was read, so that both streams are truncated; without a code it is lost, too.
  private func finish() {
    state.withLock { $0.isOver = true }
    sink.connectionLost()
  }

  var isOver: Bool { state.withLock { $0.isOver } }

  func resumeReading(_ stream: ExecStream) {}

  func release() { state.withLock { $0.isOver = true } }
}

/// Remembers names, the newest of them: what is asked about is never long ago.
struct RecentNames: Sendable {
  private static let most = 4096

  private var names: Set<String> = []
  private var order: [String] = []

  /// Remembers a name; false when it was known.
  mutating func insert(_ name: String) -> Bool {
    guard names.insert(name).inserted else { return false }
    order.append(name)
    if order.count > 2 * Self.most {
      names.subtract(order.prefix(Self.most))
      order.removeFirst(Self.most)
    }
    return true
  }

  func contains(_ name: String) -> Bool { names.contains(name) }
}

/// The execs that this process made: they are not somebody else's.
enum OwnExecs {
  private static let made = Mutex(RecentNames())

  static func insert(_ identifier: String) { made.withLock { _ = $0.insert(identifier) } }

  static func contains(_ identifier: String) -> Bool { made.withLock { $0.contains(identifier) } }
}

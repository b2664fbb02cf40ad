import ExecEngine
import ExecModel
import Glibc
import NIOCore
import Synchronization

/// An exec that another client started.
struct OtherExec: Sendable {
  let client: EngineClient
  let identifier: String
  let inspection: ExecInspection
  /// Its process on this host; nil when it is over, or the engine is on another host.
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

  /// Signals it with kill(2).
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

/// An exec whose output reaches only the client that started it: its end and its exit code are
/// polled for.
final class SeenExec: WatchedExec {
  private struct State {
    var isOver = false
    var failures = 0
  }

  private static let pause = TimeAmount.milliseconds(250)
  /// The number of failures allowed while an engine restarts.
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

  /// None of its output was read, so both streams are truncated; without a code it is also lost.
  private func finish() {
    state.withLock { $0.isOver = true }
    sink.connectionLost()
  }

  var isOver: Bool { state.withLock { $0.isOver } }

  func resumeReading(_ stream: ExecStream) {}

  func release() { state.withLock { $0.isOver = true } }
}

/// A set of the most recent names: lookups are never for old ones.
struct RecentNames: Hashable, Sendable {
  private static let most = 4096

  private var names: Set<String> = []
  private var order: [String] = []

  /// Inserts a name; false when it was already there.
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

/// The execs created by this process, which are not another client's.
enum OwnExecs {
  private static let made = Mutex(RecentNames())

  static func insert(_ identifier: String) { made.withLock { _ = $0.insert(identifier) } }

  static func contains(_ identifier: String) -> Bool { made.withLock { $0.contains(identifier) } }
}

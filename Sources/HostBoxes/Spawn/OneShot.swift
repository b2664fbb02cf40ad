import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Synchronization

/// Runs a short internal command and waits for it; returns its status and the output of both streams together.
final class OneShot: ExecutionSink {
  struct Answer {
    var status: ExitStatus?
    var text = ""
  }

  private struct State {
    var status: ExitStatus?
    var bytes: [UInt8] = []
    var open: StreamSet = .both
  }

  private static let kept = 4096

  private let state = Mutex(State())
  private let done: Int32

  private init(done: Int32) { self.done = done }

  deinit { close(done) }

  /// Runs it; must not be called from a pump thread.
  static func run(_ request: SpawnRequest, _ spawner: ProcessSpawner) throws(BoxError) -> Answer {
    let done = eventfd(0, Int32(EFD_CLOEXEC))
    guard done >= 0 else { throw BoxError(.system(errno), "no descriptor left to wait for '\(request.path)'") }
    let sink = OneShot(done: done)
    let process = try spawner.start(request, reportingTo: sink)
    defer { process.release() }
    var count: eventfd_t = 0
    while eventfd_read(done, &count) != 0, errno == EINTR {}
    return sink.state.withLock { Answer(status: $0.status, text: String(decoding: $0.bytes, as: UTF8.self)) }
  }

  private func update(_ change: (inout State) -> Void) {
    let isOver = state.withLock { state in
      change(&state)
      return state.status != nil && state.open.isEmpty
    }
    if isOver { eventfd_write(done, 1) }
  }

  func started(processIdentifier: Int32?) {}

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    bytes.withUnsafeBytes { bytes in
      update { $0.bytes.append(contentsOf: bytes.prefix(max(0, Self.kept - $0.bytes.count))) }
    }
    return bytes.byteCount
  }

  func endOfStream(_ stream: ExecStream) { update { $0.open.remove(StreamSet(stream)) } }

  func emptied(_ stream: ExecStream) { update { $0.open.remove(StreamSet(stream)) } }

  func failed(_ stream: ExecStream, errno: Int32) { emptied(stream) }

  func exited(_ status: ExitStatus) { update { $0.status = status } }

  /// A command on this host has no gaps.
  func gap(_ stream: ExecStream, _ gap: OutputGap) {}

  func connectionLost() {
    update { state in
      state.status = .lost
      state.open = []
    }
  }
}

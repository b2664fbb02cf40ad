import ExecEngine
import ExecModel
import Glibc
import Linux
import Synchronization
import SystemPackage

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
  private let done: WakeDescriptor

  private init(done: WakeDescriptor) { self.done = done }

  /// Runs it; must not be called from a pump thread.
  static func run(_ request: SpawnRequest, _ spawner: ProcessSpawner) throws(BoxError) -> Answer {
    let sink = OneShot(done: try doneSignal(of: request))
    let process = try spawner.start(request, reportingTo: sink)
    defer { process.release() }
    sink.done.wait()
    return sink.state.withLock { Answer(status: $0.status, text: String(decoding: $0.bytes, as: UTF8.self)) }
  }

  private static func doneSignal(of request: SpawnRequest) throws(BoxError) -> WakeDescriptor {
    do throws(Errno) { return try WakeDescriptor() } catch {
      throw BoxError(.system(error.rawValue), "no descriptor left to wait for '\(request.path)'")
    }
  }

  private func update(_ change: (inout State) -> Void) {
    let isOver = state.withLock { state in
      change(&state)
      return state.status != nil && state.open.isEmpty
    }
    if isOver { done.wake() }
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

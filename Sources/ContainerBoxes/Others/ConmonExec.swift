import Dispatch
import ExecEngine
import ExecModel
import Glibc
import Linux
import NIOCore
import Synchronization

/// An exec on Podman, read from conmon's socket on a dedicated thread.
///
/// It reads without delay: conmon writes to all watchers in turn, and an unread packet would block
/// the command. Output that the sink does not take waits here.
final class ConmonExec: WatchedExec {
  private struct State {
    var backlog = PacketBacklog()
    var isOver = false
    /// Whether the socket has ended, and its last bytes wait for the sink.
    var hasEnded = false
  }

  let exec: OtherExec
  private let socket: ConmonSocket
  let sink: any ExecutionSink
  private let state = Mutex(State())
  /// Only one thread delivers bytes at a time, in order.
  private let delivery = Mutex(())

  /// - Throws: ``/ExecEngine/BoxError`` when no thread can be created.
  init(_ exec: OtherExec, _ socket: ConmonSocket, _ sink: any ExecutionSink) throws(BoxError) {
    self.exec = exec
    self.socket = socket
    self.sink = sink
    // Nothing is reported when there is no thread, and `started` precedes what the thread reports.
    let mayReport = DispatchSemaphore(value: 0)
    let failure = DetachedThread.start(name: "boxwatch-conmon") { [self] in
      mayReport.wait()
      run()
    }
    if let failure { throw BoxError(.box, "no thread can be started to read it: \(failure)") }
    sink.started(processIdentifier: exec.processIdentifier)
    for stream in exec.streams.streams { sink.gap(stream, .joinedLate) }
    mayReport.signal()
  }

  private func run() {
    var buffer = [UInt8](repeating: 0, count: ConmonSocket.largestPacket + 1)
    while true {
      let count = socket.receive(&buffer)
      guard count > 0, !isOver else { break }
      guard take(buffer[..<count]) else { return lose() }
    }
    state.withLock { $0.hasEnded = true }
    deliver()
  }

  /// Queues a packet and delivers what the sink takes; false when too much waits.
  private func take(_ packet: ArraySlice<UInt8>) -> Bool {
    let isNoted = state.withLock { $0.backlog.add(packet, hasTerminal: exec.inspection.hasTerminal) }
    if isNoted { deliver() }
    return isNoted
  }

  private func deliver() {
    let isDone = delivery.withLock { _ in
      while let (stream, bytes) = state.withLock({ $0.backlog.first }) {
        let taken = bytes.withUnsafeBytes { max(0, min(sink.output(stream, $0.bytes), $0.count)) }
        state.withLock { $0.backlog.drop(taken) }
        if taken < bytes.count { return false }
      }
      return state.withLock { state in
        defer { state.hasEnded = false }
        return state.hasEnded && !state.isOver
      }
    }
    if isDone { conclude() }
  }

  private func lose() {
    guard !isOver else { return }
    sink.lose(exec.streams)
  }
}

// MARK: - The end

extension ConmonExec {
  /// How long, in nanoseconds, the exit code is waited for.
  private static let patience: UInt64 = 2_000_000_000

  /// After the last byte: gets the exit code, from conmon's file or from the engine.
  private func conclude() {
    let failure = DetachedThread.start(name: "boxwatch-conmon") { [self] in
      guard let code = exitCode() else { return lose() }
      finish(code)
    }
    if failure != nil { lose() }
  }

  private func exitCode() -> Int32? {
    let due = MonotonicClock.now + Self.patience
    while MonotonicClock.now < due {
      if let code = socket.exitCode() ?? asked() { return code }
      // The engine has no event for it, so that it is asked again after that.
      if let code = socket.exitCode(within: 100) { return code }
    }
    return nil
  }

  /// The engine's answer, if it already has one; an exec started by Podman's command line is
  /// forgotten at once.
  private func asked() -> Int32? {
    guard let now = try? exec.client.call(exec.client.inspectExec(exec.identifier)), !now.isRunning else { return nil }
    return now.exitCode
  }

  private func finish(_ code: Int32) {
    guard !isOver else { return }
    // conmon ends with the command, even when other processes still hold its streams.
    let held = holders(of: exec.streams).reduce(into: StreamSet()) { $0.formUnion($1.streams) }
    for stream in exec.streams.subtracting(held).streams { sink.endOfStream(stream) }
    sink.exited(.exited(code))
    if !held.isEmpty { sink.connectionLost() }
  }

  var isOver: Bool { state.withLock { $0.isOver } }

  func resumeReading(_ stream: ExecStream) {
    exec.client.loop.execute { [self] in deliver() }
  }

  func release() {
    state.withLock { $0.isOver = true }
    // The reading thread gets the end of stream.
    socket.shutDown()
  }
}

import Console
import ExecEngine
import ExecModel
import Glibc
import JSON
import Journal
import Linux
import Synchronization

/// The output format of a run without a screen.
package enum HeadlessFormat: Hashable, Sendable {
  /// The streams' bytes, unchanged.
  case bytes
  /// Lines with prefixes.
  case lines(tag: Bool, timestamps: Bool)
  /// One JSON object for each event.
  case json
}

/// Writes the output of executions with one thread for each of our streams, so that a reader who
/// drains only one of them does not block the other.
package final class HeadlessWriter: Sendable {
  private struct State {
    /// Followers that wait for ``start()``, with their lanes.
    var waiting: [(follower: Follower, lane: WriterLane)] = []
    var running = 0
    var hasStarted = false
    var isUnread = false
    var failure: Failure?
  }

  private let format: HeadlessFormat
  private let finished: WakeDescriptor
  private let isAlone: Bool
  private let streams: StreamSet
  private let losses: Losses
  private let state = Mutex(State())
  private let standardOutput = OutputDescriptor(STDOUT_FILENO)
  private let standardError = OutputDescriptor(STDERR_FILENO)
  private let outputLane: WriterLane
  private let errorLane: WriterLane

  /// - Parameters:
  ///   - isAlone: whether there is one execution, whose name is then left out.
  ///   - streams: the streams to write.
  ///   - losses: how bytes that were evicted before they were read are handled.
  /// - Throws: ``/Console/Failure`` when no descriptor is available.
  init(
    _ format: HeadlessFormat, isAlone: Bool, streams: StreamSet = .both, losses: Losses = .fail,
    _ finished: WakeDescriptor
  ) throws {
    self.isAlone = isAlone
    self.format = format
    self.streams = streams
    self.losses = losses
    self.finished = finished
    outputLane = try WriterLane()
    errorLane = try WriterLane()
  }

  /// Adds an execution.
  ///
  /// Before ``start()`` nothing is written and nothing is lost; after it, writing begins at once.
  ///
  /// - Parameters:
  ///   - waits: whether to read to the end of the execution, or only what is recorded now.
  ///   - onClosed: called when more output arrived for an output without a reader.
  ///   - onWritten: called once when nothing more of it is written.
  ///   - makeCursor: creates a cursor at the first event; called once for each of our streams that
  ///     the execution writes to.
  func follow(
    _ id: ExecutionID, name: String, waits: Bool = true, onClosed: @escaping @Sendable () -> Void,
    onWritten: @escaping @Sendable () -> Void = {}, _ makeCursor: () throws -> any EventCursor
  ) throws {
    let parts = try consumers(id, name, onClosed).map { (consumer: $0, lane: $1, cursor: try makeCursor()) }
    let left = PartCount(parts.count)
    let onEnd: @Sendable (Failure?) -> Void = { [self] failure in
      end(failure)
      if left.finishOne() { onWritten() }
    }
    for part in parts { add(Follower(part.cursor, part.consumer, waits: waits, onEnd: onEnd), part.lane) }
  }

  private func consumers(
    _ id: ExecutionID, _ name: String, _ onClosed: @escaping @Sendable () -> Void
  ) -> [(any EventConsumer, WriterLane)] {
    switch format {
    case .bytes:
      return streams.streams.map { stream in
        let lane = lane(of: stream)
        return (ByteConsumer(stream, output(of: stream), losses: losses, lane.buffer, onClosed: onClosed), lane)
      }
    case .lines(let tag, let timestamps):
      let prefix = LinePrefix(name: tag ? name : nil, isAlone: isAlone, timestamps)
      return streams.streams.map { stream in
        let lane = lane(of: stream)
        return (LineConsumer(stream, output(of: stream), prefix, losses: losses, lane.buffer, onClosed: onClosed), lane)
      }
    case .json:
      let consumer = JSONConsumer(
        id: id, name: name, standardOutput, streams: streams, losses: losses, outputLane.buffer, onClosed: onClosed)
      return [(consumer, outputLane)]
    }
  }

  private func lane(of stream: ExecStream) -> WriterLane {
    switch stream {
    case .stdout: outputLane
    case .stderr: errorLane
    }
  }

  private func output(of stream: ExecStream) -> OutputDescriptor {
    switch stream {
    case .stdout: standardOutput
    case .stderr: standardError
    }
  }

  private func add(_ follower: Follower, _ lane: WriterLane) {
    let mayRun = state.withLock { state in
      state.running += 1
      if !state.hasStarted { state.waiting.append((follower, lane)) }
      return state.hasStarted
    }
    if mayRun { lane.follow(follower) }
  }

  /// Starts writing.
  func start() {
    let waiting = state.withLock { state in
      state.hasStarted = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for (follower, lane) in waiting { lane.follow(follower) }
  }

  /// Ends every follower early because our output has no reader; output already taken is still
  /// written.
  func stopUnread() {
    state.withLock { $0.isUnread = true }
    outputLane.stop()
    errorLane.stop()
  }

  private func end(_ failure: Failure?) {
    state.withLock { state in
      state.running -= 1
      state.failure = state.failure ?? failure
    }
    finished.wake()
  }

  /// Whether everything is written.
  var hasFinished: Bool { state.withLock { $0.hasStarted && $0.running == 0 } }

  /// Whether it was ended because our output has no reader.
  var isUnread: Bool { state.withLock { $0.isUnread } }

  /// The first error while writing.
  var failure: Failure? { state.withLock { $0.failure } }
}

/// Counts the followers of one execution that have not ended; they end on the lanes' threads.
private final class PartCount: Sendable {
  private let left: Atomic<Int>

  init(_ count: Int) { left = Atomic(count) }

  /// Returns whether this was the last one.
  func finishOne() -> Bool { left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
}

import Console
import DequeModule
import ExecEngine
import ExecModel
import Jobs
import Linux
import Synchronization

/// The commands of one run in order: waiting, running, and the results of finished ones.
///
/// Of a finished command only its status is kept, and its complaints if there are any.
struct JobList {
  /// A started command, by its position in the list.
  struct Running {
    let id: ExecutionID
    let request: ExecutionRequest
    /// The two parts of its end: the engine's conclusion, and that its output is written.
    var conclusion: Conclusion?
    var isWritten = false
  }

  private let limit: Int
  private var waiting: Deque<(place: Int, request: ExecutionRequest)>
  private(set) var running: [Int: Running] = [:]
  private var statuses: [Int32?]
  /// Whether a start failed for lack of a resource that may be freed.
  private var isHeld = false
  /// Whether any command was started; a shortage after that may pass.
  private(set) var hasStarted = false
  private var complaints: [Int: [String]] = [:]

  /// - Parameter limit: the maximum number of commands that run at the same time.
  init(_ requests: [ExecutionRequest], limit: Int) {
    self.limit = limit
    waiting = Deque(requests.enumerated().map { ($0, $1) })
    statuses = Array(repeating: nil, count: requests.count)
  }

  /// Whether all commands are over and their output is written.
  var isOver: Bool { waiting.isEmpty && running.isEmpty }
  /// Whether another command may be started now.
  var mayStart: Bool { !waiting.isEmpty && !isHeld && running.count < limit }
  /// The number of commands that were not started yet.
  var waitingCount: Int { waiting.count }
  /// The running executions, in the order of the list.
  var runningIDs: [ExecutionID] { running.sorted { $0.key < $1.key }.map(\.value.id) }

  /// Removes and returns the next command to start.
  mutating func takeNext() -> (place: Int, request: ExecutionRequest)? { waiting.popFirst() }

  /// Puts a command that could not be started back at the front until another ends; false when no
  /// other is running.
  ///
  /// - Parameter evenAlone: true to hold it even when no other is running, until ``retry()``.
  mutating func hold(_ next: (place: Int, request: ExecutionRequest), evenAlone: Bool = false) -> Bool {
    guard evenAlone || !running.isEmpty else { return false }
    waiting.prepend(next)
    isHeld = true
    return true
  }

  /// Whether the next command is held and no other is running whose end would release it.
  var isHeldAlone: Bool { isHeld && running.isEmpty && !waiting.isEmpty }

  /// Ends the hold of the next command.
  mutating func retry() { isHeld = false }

  /// Records a start.
  mutating func started(_ place: Int, _ id: ExecutionID, _ request: ExecutionRequest) {
    running[place] = Running(id: id, request: request)
    hasStarted = true
  }

  /// Cancels the waiting commands; their status is `status`.
  mutating func cancelWaiting(status: Int32) {
    for (place, _) in waiting { statuses[place] = status }
    waiting = []
  }

  /// Records a part of an end; returns the execution when it was the last part.
  mutating func take(_ report: EndReport) -> (job: Running, conclusion: Conclusion)? {
    switch report {
    case .concluded(let place, let conclusion): running[place]?.conclusion = conclusion
    case .written(let place): running[place]?.isWritten = true
    }
    guard let job = running[report.place], job.isWritten, let conclusion = job.conclusion else { return nil }
    running[report.place] = nil
    isHeld = false
    return (job, conclusion)
  }

  /// Keeps the results of a finished command.
  mutating func finish(_ place: Int, status: Int32, complaints lines: [String]) {
    statuses[place] = status
    if !lines.isEmpty { complaints[place] = lines }
  }

  /// All complaints, in the order of the list.
  var allComplaints: [String] { complaints.sorted { $0.key < $1.key }.flatMap(\.value) }
  /// The first status that is not 0, in the order of the list; 0 when there is none.
  var status: Int32 { statuses.lazy.compactMap { $0 }.first { $0 != 0 } ?? 0 }

  /// A part of an end, posted by other threads.
  enum EndReport: Sendable {
    case concluded(Int, Conclusion)
    case written(Int)

    var place: Int {
      switch self {
      case .concluded(let place, _), .written(let place): place
      }
    }
  }
}

/// Passes values from other threads to the one that waits for the descriptor.
final class Mailbox<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])
  private let wake: WakeDescriptor

  init(_ wake: WakeDescriptor) { self.wake = wake }

  /// Adds a value and wakes it.
  func post(_ value: Value) {
    values.withLock { $0.append(value) }
    wake.wake()
  }

  /// Removes and returns everything that was posted.
  func take() -> [Value] {
    values.withLock { values in
      defer { values = [] }
      return values
    }
  }
}

import DequeModule
import ExecEngine
import ExecModel
import Synchronization

/// The commands of one run in their order: those that wait, those that run, and what is left to say of those that are over.
///
/// Of one that is over only its status is kept, and its complaints where there are any.
struct JobList {
  /// One command that was started, by its place in the list.
  struct Running {
    let id: ExecutionID
    let request: ExecutionRequest
    /// Both parts of its end: what the engine concluded, and that its output is written.
    var conclusion: Conclusion?
    var isWritten = false
  }

  private let limit: Int
  private var waiting: Deque<(place: Int, request: ExecutionRequest)>
  private(set) var running: [Int: Running] = [:]
  private var statuses: [Int32?]
  /// Whether a start has failed for want of something that may be given back.
  private var isHeld = false
  /// Whether any was started: what it found may come back for the others.
  private(set) var hasStarted = false
  private var complaints: [Int: [String]] = [:]

  /// - Parameter limit: how many run at the same time.
  init(_ requests: [ExecutionRequest], limit: Int) {
    self.limit = limit
    waiting = Deque(requests.enumerated().map { ($0, $1) })
    statuses = Array(repeating: nil, count: requests.count)
  }

  /// Whether everything is over and written.
  var isOver: Bool { waiting.isEmpty && running.isEmpty }
  /// Whether one more may be started now.
  var mayStart: Bool { !waiting.isEmpty && !isHeld && running.count < limit }
  /// How many were not started yet.
  var waitingCount: Int { waiting.count }
  /// What runs, in the order of the list.
  var runningIDs: [ExecutionID] { running.sorted { $0.key < $1.key }.map(\.value.id) }

  /// Takes the next one to start.
  mutating func takeNext() -> (place: Int, request: ExecutionRequest)? { waiting.popFirst() }

  /// Puts back what could not be started, as the next one when another has ended; false when no other runs.
  ///
  /// - Parameter evenAlone: true to hold it also when no other runs, until ``retry()``.
  mutating func hold(_ next: (place: Int, request: ExecutionRequest), evenAlone: Bool = false) -> Bool {
    guard evenAlone || !running.isEmpty else { return false }
    waiting.prepend(next)
    isHeld = true
    return true
  }

  /// Whether the next one is held and no other runs whose end would let it go on.
  var isHeldAlone: Bool { isHeld && running.isEmpty && !waiting.isEmpty }

  /// Lets the next one that is held be tried again.
  mutating func retry() { isHeld = false }

  /// Notes that one was started.
  mutating func started(_ place: Int, _ id: ExecutionID, _ request: ExecutionRequest) {
    running[place] = Running(id: id, request: request)
    hasStarted = true
  }

  /// Gives up those that wait; they end with `status`.
  mutating func cancelWaiting(status: Int32) {
    for (place, _) in waiting { statuses[place] = status }
    waiting = []
  }

  /// Notes a part of an end; returns the execution when that was the last part.
  mutating func take(_ news: News) -> (job: Running, conclusion: Conclusion)? {
    switch news {
    case .concluded(let place, let conclusion): running[place]?.conclusion = conclusion
    case .written(let place): running[place]?.isWritten = true
    }
    guard let job = running[news.place], job.isWritten, let conclusion = job.conclusion else { return nil }
    running[news.place] = nil
    isHeld = false
    return (job, conclusion)
  }

  /// Keeps what is left of one that is over.
  mutating func finish(_ place: Int, status: Int32, complaints lines: [String]) {
    statuses[place] = status
    if !lines.isEmpty { complaints[place] = lines }
  }

  /// The complaints of all, in the order of the list.
  var allComplaints: [String] { complaints.sorted { $0.key < $1.key }.flatMap(\.value) }
  /// The first status that is not 0, in the order of the list; 0 when there is none.
  var status: Int32 { statuses.lazy.compactMap { $0 }.first { $0 != 0 } ?? 0 }

  /// A part of an end, told by other threads.
  enum News: Sendable {
    case concluded(Int, Conclusion)
    case written(Int)

    var place: Int {
      switch self {
      case .concluded(let place, _), .written(let place): place
      }
    }
  }
}

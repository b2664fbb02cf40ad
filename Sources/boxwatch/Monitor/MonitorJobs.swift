import BoxwatchUI
import DequeModule
import ExecModel

/// The commands of a list in the monitor: those that wait, in order, of which the next ones have a row, and those that run.
struct MonitorJobs {
  /// Most commands that wait and have a row; of the others only their number is shown.
  static let listed = 200

  private let limit: Int
  private var withRow: Deque<(id: ExecutionID, request: ExecutionRequest)> = []
  private var unlisted: Deque<ExecutionRequest>
  private var running: Set<ExecutionID> = []
  private var names = 0
  /// Whether a start has failed for want of something that may be given back.
  private var isHeld = false
  /// Whether that was said.
  private var hasToldHold = false
  /// Whether a start has failed for another reason: nothing more is started, unless it is asked for.
  private var isStopped = false
  /// Whether any was started: what it found may come back for the others.
  private(set) var hasStarted = false

  /// - Parameter limit: how many run at the same time.
  init(_ requests: [ExecutionRequest] = [], limit: Int = JobLimit.standard) {
    self.limit = limit
    unlisted = Deque(requests)
  }

  /// How many wait without a row.
  var unlistedCount: Int { unlisted.count }
  /// How many wait.
  var waitingCount: Int { withRow.count + unlisted.count }
  /// Whether any runs.
  var isRunning: Bool { !running.isEmpty }
  /// Whether one more may be started now.
  var mayStart: Bool { !isHeld && !isStopped && running.count < limit && !(withRow.isEmpty && unlisted.isEmpty) }

  /// A command to start, and the name of its row when it has one.
  typealias Next = (row: ExecutionID?, request: ExecutionRequest)

  /// Takes the next one to start.
  mutating func takeNext() -> Next? {
    if let next = withRow.popFirst() { return (next.id, next.request) }
    return unlisted.popFirst().map { (nil, $0) }
  }

  /// Takes one out of its turn.
  mutating func take(_ id: ExecutionID) -> Next? {
    guard let index = withRow.firstIndex(where: { $0.id == id }) else { return nil }
    return (id, withRow.remove(at: index).request)
  }

  /// Puts back what could not be started, as the next one.
  mutating func putBack(_ next: Next) {
    if let row = next.row { withRow.prepend((row, next.request)) } else { unlisted.prepend(next.request) }
  }

  /// Starts nothing until another ends, or until ``retry()``; true when that is to be said.
  mutating func hold() -> Bool {
    defer { (isHeld, hasToldHold) = (true, true) }
    return !hasToldHold
  }

  /// Lets the next one that is held be tried again when none runs whose end would do that.
  mutating func retry() {
    if running.isEmpty { isHeld = false }
  }

  /// Starts nothing more, until one that was asked for could be started.
  mutating func stop() { isStopped = true }

  /// Notes a start: what kept the others from it is over.
  mutating func started(_ id: ExecutionID) {
    running.insert(id)
    hasStarted = true
    (isHeld, hasToldHold, isStopped) = (false, false, false)
  }

  /// Notes an end.
  mutating func ended(_ id: ExecutionID) {
    if running.remove(id) != nil { isHeld = false }
  }

  /// Gives the next ones names for their rows, as long as there are fewer than enough.
  mutating func list() -> [Message.Queued] {
    var added: [Message.Queued] = []
    while withRow.count < Self.listed, let request = unlisted.popFirst() {
      names += 1
      guard let id = ExecutionID("waiting-\(names)") else { break }
      withRow.append((id, request))
      added.append(Message.Queued(id: id, spec: request.spec, box: request.box))
    }
    return added
  }
}

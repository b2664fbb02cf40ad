import BoxwatchUI
import DequeModule
import ExecModel
import Jobs

/// The commands of a list in the monitor: the waiting ones in order, the first of which have a row,
/// and the running ones.
struct MonitorJobs {
  /// The maximum number of waiting commands that have a row; the others are shown as a number.
  static let listed = 200

  private let limit: Int
  private var withRow: Deque<(id: ExecutionID, request: ExecutionRequest)> = []
  private var unlisted: Deque<ExecutionRequest>
  private var running: Set<ExecutionID> = []
  private var names = 0
  /// Whether a start failed for lack of a resource that may be freed.
  private var isHeld = false
  /// Whether the hold was reported.
  private var hasToldHold = false
  /// Whether a start failed for another reason; nothing more is started unless the user requests
  /// it.
  private var isStopped = false
  /// Whether any command was started; a shortage after that may pass.
  private(set) var hasStarted = false

  /// - Parameter limit: the maximum number of commands that run at the same time.
  init(_ requests: [ExecutionRequest] = [], limit: Int = JobLimit.standard) {
    self.limit = limit
    unlisted = Deque(requests)
  }

  /// The number of waiting commands without a row.
  var unlistedCount: Int { unlisted.count }
  /// The number of waiting commands.
  var waitingCount: Int { withRow.count + unlisted.count }
  /// Whether any command is running.
  var isRunning: Bool { !running.isEmpty }
  /// Whether another command may be started now.
  var mayStart: Bool { !isHeld && !isStopped && running.count < limit && !(withRow.isEmpty && unlisted.isEmpty) }

  /// A command to start, and the identifier of its row if it has one.
  typealias Next = (row: ExecutionID?, request: ExecutionRequest)

  /// Removes and returns the next command to start.
  mutating func takeNext() -> Next? {
    if let next = withRow.popFirst() { return (next.id, next.request) }
    return unlisted.popFirst().map { (nil, $0) }
  }

  /// Removes and returns a command before its turn.
  mutating func take(_ id: ExecutionID) -> Next? {
    guard let index = withRow.firstIndex(where: { $0.id == id }) else { return nil }
    return (id, withRow.remove(at: index).request)
  }

  /// Puts a command that could not be started back at the front.
  mutating func putBack(_ next: Next) {
    if let row = next.row { withRow.prepend((row, next.request)) } else { unlisted.prepend(next.request) }
  }

  /// Starts nothing until another command ends or ``retry()`` is called; true when this is to be
  /// reported.
  mutating func hold() -> Bool {
    defer { (isHeld, hasToldHold) = (true, true) }
    return !hasToldHold
  }

  /// Ends the hold when no command is running whose end would end it.
  mutating func retry() {
    if running.isEmpty { isHeld = false }
  }

  /// Starts nothing more until a start requested by the user succeeds.
  mutating func stop() { isStopped = true }

  /// Records a start, which ends a hold or stop.
  mutating func started(_ id: ExecutionID) {
    running.insert(id)
    hasStarted = true
    (isHeld, hasToldHold, isStopped) = (false, false, false)
  }

  /// Records an end.
  mutating func ended(_ id: ExecutionID) {
    if running.remove(id) != nil { isHeld = false }
  }

  /// Assigns row identifiers to the next waiting commands, up to the limit.
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

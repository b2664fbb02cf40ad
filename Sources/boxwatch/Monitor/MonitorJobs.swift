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
  /// Whether a start has failed for want of something that the end of another may give back.
  private var isHeld = false

  /// - Parameter limit: how many run at the same time.
  init(_ requests: [ExecutionRequest] = [], limit: Int = JobLimit.standard) {
    self.limit = limit
    unlisted = Deque(requests)
  }

  /// How many wait without a row.
  var unlistedCount: Int { unlisted.count }
  /// Whether one more may be started now.
  var mayStart: Bool { !isHeld && running.count < limit && !(withRow.isEmpty && unlisted.isEmpty) }

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

  /// Puts back what could not be started, until another ends; false when no other runs that could end.
  mutating func hold(_ next: Next) -> Bool {
    if let row = next.row { withRow.prepend((row, next.request)) } else { unlisted.prepend(next.request) }
    isHeld = !running.isEmpty
    return isHeld
  }

  /// Notes a start.
  mutating func started(_ id: ExecutionID) { running.insert(id) }

  /// Notes an end.
  mutating func ended(_ id: ExecutionID) {
    if running.remove(id) != nil { isHeld = false }
  }

  /// Gives up all that wait.
  mutating func cancelAll() { (withRow, unlisted) = ([], []) }

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

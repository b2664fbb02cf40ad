import BoxwatchUI
import Cells
import LabUI
import Widgets

/// What is on the screen: the monitor, and the race lab in front of it while it is open.
///
/// Neither knows of the other. Keys go to the one in front; everything else goes to the monitor,
/// whose executions go on behind the lab.
struct Screens {
  /// An action for the loop.
  enum Request: Hashable {
    case monitor(Effect)
    /// Control the lab's held command.
    case hold(HoldRequest)
  }

  /// The monitor.
  private(set) var monitor: Model
  /// The lab, while it is open.
  private(set) var lab: LabModel?
  /// Whether the lab was opened without a monitor, so that leaving it ends the program.
  private var isLabAlone = false

  /// Shows a monitor.
  init(_ monitor: Model) { self.monitor = monitor }

  /// Changes the monitor other than by a message.
  mutating func change<Result>(_ body: (inout Model) -> Result) -> Result { body(&monitor) }

  /// Whether a frame is to be drawn.
  var needsDisplay: Bool {
    get { monitor.needsDisplay }
    set { monitor.needsDisplay = newValue }
  }

  /// Draws the one in front.
  func grid(text: @escaping TextLookup) -> Grid { lab.map { view($0) } ?? view(monitor, text: text) }

  /// Opens the lab in front of the monitor; executions go on behind it.
  ///
  /// - Parameters:
  ///   - lab: the lab, on its page of schedules.
  ///   - command: the command that the hold page starts, empty to prompt for it; nil for the page of
  ///     schedules.
  ///   - isAlone: whether leaving it ends the program.
  mutating func open(_ lab: LabModel, holding command: [String]? = nil, isAlone: Bool = false) -> [Request] {
    var lab = lab
    let effects = command.map { lab.openHolding($0) } ?? []
    self.lab = lab
    isLabAlone = isAlone
    monitor.isCovered = true
    needsDisplay = true
    moveNotice()
    return effects.compactMap { perform($0) }
  }

  /// Hands a message to the one it is for.
  mutating func take(_ message: Message, text: TextLookup) -> [Request] {
    if case .key(let key) = message, lab != nil { return take(.key(key)) }
    let requests = update(&monitor, message, text: text).map(Request.monitor)
    switch message {
    case .resized(let rows, let columns): _ = take(.resized(rows: rows, columns: columns))
    case .tick(let now, _): _ = take(.tick(now: now))
    default: break
    }
    moveNotice()
    return requests
  }

  /// Hands a message to the lab; without one it is ignored.
  mutating func take(_ message: LabMessage) -> [Request] {
    guard var lab else { return [] }
    let notice = lab.notice
    let effects = update(&lab, message)
    self.lab = lab
    // Of what the lab shows, a tick removes an old notice and changes nothing else.
    if case .tick = message, lab.notice == notice {} else { needsDisplay = true }
    return effects.compactMap { perform($0) }
  }

  /// What the monitor has to say is shown by the one in front.
  private mutating func moveNotice() {
    guard lab != nil, let notice = monitor.notice else { return }
    lab?.notice = notice
    monitor.notice = nil
  }

  private mutating func perform(_ effect: LabEffect) -> Request? {
    switch effect {
    case .hold(let request): .hold(request)
    case .copy(let text): .monitor(.copy(text))
    case .suspend: .monitor(.suspend)
    case .redraw: .monitor(.redraw)
    case .leave: leaveLab()
    }
  }

  /// A lab that is alone stays on the screen until the program ends.
  private mutating func leaveLab() -> Request? {
    if isLabAlone { return .monitor(.quit) }
    lab = nil
    monitor.isCovered = false
    needsDisplay = true
    return nil
  }
}

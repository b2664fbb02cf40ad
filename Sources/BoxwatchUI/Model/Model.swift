public import ExecModel
public import Widgets

/// The part of the screen that has the focus.
public enum Focus: Hashable, Sendable {
  /// The list of executions.
  case list
  /// A pane of the selected execution.
  case pane(ExecStream)

  /// The pane's stream; nil for the list.
  public var stream: ExecStream? {
    switch self {
    case .list: nil
    case .pane(let stream): stream
    }
  }
}

/// The status of this boxwatch's server, for the header.
public struct ServerStatus: Hashable, Sendable {
  /// The address it listens at: `127.0.0.1:8100`, `unix:/run/x`.
  public var address: String
  /// The number of attached clients.
  public var clients: Int

  /// Creates a status.
  public init(address: String, clients: Int) {
    self.address = address
    self.clients = clients
  }
}

/// The lines entered earlier, oldest first, for each kind of line.
public struct Histories: Hashable, Sendable {
  /// The maximum number of lines kept of each kind.
  static let limit = 200

  /// Commands.
  public var commands: [String] = []
  /// Sandbox options.
  public var options: [String] = []
  /// Lines for standard input.
  public var inputs: [String] = []
  /// Searches.
  public var searches: [String] = []

  /// Creates empty histories.
  public init() {}

  /// Appends a line, and removes an earlier copy of it.
  public static func add(_ line: String, to lines: inout [String]) {
    guard !line.isEmpty else { return }
    lines.removeAll { $0 == line }
    lines.append(line)
    lines.removeFirst(max(0, lines.count - limit))
  }
}

/// One pane of one execution.
struct PaneAddress: Hashable, Sendable {
  /// The execution.
  var id: ExecutionID
  /// The pane's stream.
  var stream: ExecStream
}

/// The whole state of the screen, as a value.
public struct Model: Hashable, Sendable {
  /// The arrangement of the two panes.
  public enum Arrangement: Hashable, Sendable {
    /// Side by side, where they fit.
    case sideBySide
    /// One above the other.
    case stacked
  }

  /// The executions, in start order.
  public internal(set) var rows: [ExecutionRow] = []
  private var indices: [ExecutionID: Int] = [:]
  /// The number of the last row added.
  private var lastNumber = 0
  /// The number of dropped rows of clients, by the word of their state.
  public internal(set) var dropped: [String: Int] = [:]
  /// The number of dropped rows of this boxwatch's own commands, by the word of their state.
  public internal(set) var droppedOwn: [String: Int] = [:]
  /// The number of waiting commands that have no row.
  public internal(set) var unlisted = 0
  /// The index of the selected row; 0 when there is none.
  public internal(set) var selection = 0
  /// Whether the newest row is selected, or was when a newer one was added.
  var followsNewest = true
  /// The part of the screen that has the focus.
  public internal(set) var focus = Focus.list
  /// The arrangement of the panes.
  public internal(set) var arrangement = Arrangement.sideBySide
  /// Whether one pane fills the screen.
  public internal(set) var isZoomed = false
  /// The open dialog.
  public internal(set) var dialog: Dialog?
  /// Whether another screen is in front of this one, so that it takes no keys.
  public var isCovered = false
  /// The terminal and the theme.
  public var display: Display
  /// The themes of the theme menu.
  public var themes: [Theme]
  /// The boxes of the start prompt; the first is the default.
  public var boxes: [BoxChoice]
  /// The keys.
  public let keymap = Keymap.standard
  /// The time of the last tick on the monotonic clock, in nanoseconds.
  public internal(set) var now: UInt64 = 0
  /// The time of day, as the header shows it.
  public internal(set) var clock = ""
  /// The status of this boxwatch's server, if it has one.
  public internal(set) var server: ServerStatus?
  /// The usage of whole boxes by name, for boxes that measure it and have a command on the screen.
  public internal(set) var boxUsages: [String: UsageHistory] = [:]
  /// The sentence in the status line.
  public var notice: Notice?
  /// The lines entered earlier.
  public var histories = Histories()
  /// The number of requested starts without an answer; the next added row is selected.
  var awaitedStarts = 0
  /// The prompt of the last start until it is answered; it is reopened when the start is refused.
  var awaitedPrompt: StartPrompt?
  /// The pane whose search is scanning in steps.
  var scanning: PaneAddress?
  /// Whether a step of a search was requested and has not arrived.
  ///
  /// At most one is pending, so that keys wait for one step at most.
  var isStepDue = false
  /// Whether something changed since the last frame; `update` sets it, the executable clears it.
  public var needsDisplay = true

  /// Creates an empty model for a terminal.
  public init(_ display: Display, themes: [Theme] = [], boxes: [BoxChoice] = []) {
    self.display = display
    self.themes = themes
    self.boxes = boxes
  }

  /// The terminal's rows.
  public var height: Int { display.height }
  /// The terminal's columns.
  public var width: Int { display.width }
  /// The theme.
  public var theme: Theme {
    get { display.theme }
    set { display.theme = newValue }
  }

  /// The selected row.
  public var selected: ExecutionRow? { rows.indices.contains(selection) ? rows[selection] : nil }
  /// Executions that are not over.
  public var active: [ExecutionRow] { rows.filter { !$0.isOver } }
  /// Executions that are not over and end with this boxwatch.
  public var ours: [ExecutionRow] { active.filter { $0.origin.isOurs && !$0.isWaiting } }
  /// The number of waiting commands.
  public var waitingCount: Int { rows.count(where: \.isWaiting) + unlisted }

  /// The index of an execution's row.
  public func index(of id: ExecutionID) -> Int? { indices[id] }

  /// The row of an execution.
  public func row(_ id: ExecutionID) -> ExecutionRow? { indices[id].map { rows[$0] } }

  /// Returns the number for the next row.
  mutating func nextNumber() -> Int {
    lastNumber += 1
    return lastNumber
  }

  /// Appends a row; does nothing when the execution already has one.
  mutating func append(_ row: ExecutionRow) {
    guard indices[row.id] == nil else { return }
    indices[row.id] = rows.count
    rows.append(row)
  }

  /// Removes a row and keeps the selection.
  mutating func remove(at index: Int) {
    rows.remove(at: index)
    if selection > index { selection -= 1 }
    indices = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1.id, $0) })
  }

  /// Removes several rows and keeps the selection.
  mutating func remove(_ ids: Set<ExecutionID>) {
    let chosen = selected?.id
    rows.removeAll { ids.contains($0.id) }
    indices = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1.id, $0) })
    selection = chosen.flatMap { indices[$0] } ?? max(0, min(selection, rows.count - 1))
  }

  /// Replaces the execution of a row.
  mutating func replace(at index: Int, with row: ExecutionRow) {
    indices[rows[index].id] = nil
    rows[index] = row
    indices[row.id] = index
  }

  /// The box of a row, when the start prompt has it; another boxwatch's box of the same name does
  /// not count.
  func box(of row: ExecutionRow) -> BoxChoice? {
    row.origin.isOurs ? boxes.first { $0.name == row.box } : nil
  }

  /// Shows a notice in the status line.
  mutating func say(_ text: String, isError: Bool = false) {
    notice = Notice(text, isError: isError, now: now)
  }
}

extension Model {
  /// The initial size of a new terminal: the size its pane will have, so that the command's first
  /// line fits.
  public var freshTerminalSize: TerminalSize { Layout(self).terminalSize }
}

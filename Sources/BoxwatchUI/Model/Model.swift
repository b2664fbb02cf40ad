public import Cells
public import ExecModel

/// What the keys move in.
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

/// A sentence in the status line that goes away by itself.
public struct Notice: Hashable, Sendable {
  /// How long a notice stays, in nanoseconds.
  static let lifetime: UInt64 = 6_000_000_000

  /// The sentence.
  public var text: String
  /// Whether something went wrong.
  public var isError: Bool
  /// When it goes, on the monotonic clock.
  public var until: UInt64
}

/// What the header tells of this boxwatch's server.
public struct ServerStatus: Hashable, Sendable {
  /// Where it listens: `127.0.0.1:8100`, `unix:/run/x`.
  public var address: String
  /// How many clients are attached.
  public var clients: Int

  /// Makes a status.
  public init(address: String, clients: Int) {
    self.address = address
    self.clients = clients
  }
}

/// One pane of one execution.
struct PaneAddress: Hashable, Sendable {
  /// The execution.
  var id: ExecutionID
  /// The pane's stream.
  var stream: ExecStream
}

/// Everything the screen shows and knows, as a value.
public struct Model: Hashable, Sendable {
  /// How the two panes stand to each other.
  public enum Arrangement: Hashable, Sendable {
    /// Next to each other, where there is room.
    case sideBySide
    /// One above the other.
    case stacked
  }

  /// The executions, in start order.
  public internal(set) var rows: [ExecutionRow] = []
  private var indices: [ExecutionID: Int] = [:]
  /// The number of the row that was added last.
  private var lastNumber = 0
  /// Rows of clients that were dropped again, by the word of their state.
  public internal(set) var dropped: [String: Int] = [:]
  /// Rows of this boxwatch's own commands that were dropped again, by the word of their state.
  public internal(set) var droppedOwn: [String: Int] = [:]
  /// Commands of a long list that wait behind the rows of those that wait.
  public internal(set) var unlisted = 0
  /// Index of the selected row; 0 when there is none.
  public internal(set) var selection = 0
  /// Whether the newest row is selected, or was when a newer one came.
  var followsNewest = true
  /// What the keys move in.
  public internal(set) var focus = Focus.list
  /// How the panes stand.
  public internal(set) var arrangement = Arrangement.sideBySide
  /// Whether one pane has the whole screen.
  public internal(set) var isZoomed = false
  /// What stands in front.
  public internal(set) var dialog: Dialog?
  /// The race lab, while it is in front of everything.
  public internal(set) var lab: LabModel?
  /// How it looks.
  public var theme: Theme
  /// What the theme picker offers.
  public var themes: [Theme]
  /// What the start prompt offers; the first is the default.
  public var boxes: [BoxChoice]
  /// How many colours there are.
  public var depth: ColorDepth
  /// Whether glyphs beyond ASCII can be shown.
  public var isUTF8: Bool
  /// The keys.
  public let keymap: Keymap
  /// Rows of the terminal.
  public internal(set) var height: Int
  /// Columns of the terminal.
  public internal(set) var width: Int
  /// The monotonic clock's time of the last tick, in nanoseconds.
  public internal(set) var now: UInt64 = 0
  /// The time of day, as the header shows it.
  public internal(set) var clock = ""
  /// What the header tells of this boxwatch's server, when it has one.
  public internal(set) var server: ServerStatus?
  /// What whole boxes use, by their names; those that count it, and have a command on the screen.
  public internal(set) var boxUsages: [String: UsageHistory] = [:]
  /// The sentence in the status line.
  public internal(set) var notice: Notice?
  /// The lines typed before.
  public var histories = Histories()
  /// Starts that were asked for and not yet answered; the next added row is selected.
  var awaitedStarts = 0
  /// The prompt of the last start, until that is answered: a refused one comes back.
  var awaitedPrompt: StartPrompt?
  /// The pane whose search is going on in steps.
  var scanning: PaneAddress?
  /// Whether a step of a search was asked for and has not come yet: there is never more than one on the way, so that keys
  /// wait for one step at the most.
  var isStepDue = false
  /// Whether something changed since the executable drew last; `update` sets it, the executable clears it.
  public var needsDisplay = true

  /// An empty model for a terminal.
  public init(
    height: Int, width: Int, theme: Theme = .builtIn, themes: [Theme] = [], boxes: [BoxChoice] = [],
    depth: ColorDepth = .sixteen, isUTF8: Bool = true, keymap: Keymap = .standard
  ) {
    self.height = max(0, height)
    self.width = max(0, width)
    self.theme = theme
    self.themes = themes
    self.boxes = boxes
    self.depth = depth
    self.isUTF8 = isUTF8
    self.keymap = keymap
  }

  /// The selected row.
  public var selected: ExecutionRow? { rows.indices.contains(selection) ? rows[selection] : nil }
  /// Executions that are not over.
  public var active: [ExecutionRow] { rows.filter { !$0.isOver } }
  /// Executions that are not over, and end with this boxwatch.
  public var ours: [ExecutionRow] { active.filter { $0.origin.isOurs && !$0.isWaiting } }
  /// How many commands wait for their turn.
  public var waitingCount: Int { rows.count(where: \.isWaiting) + unlisted }

  /// Where an execution's row is.
  public func index(of id: ExecutionID) -> Int? { indices[id] }

  /// The row of an execution.
  public func row(_ id: ExecutionID) -> ExecutionRow? { indices[id].map { rows[$0] } }

  /// The number for the next row.
  mutating func nextNumber() -> Int {
    lastNumber += 1
    return lastNumber
  }

  /// Appends a row; one that is there already stays.
  mutating func append(_ row: ExecutionRow) {
    guard indices[row.id] == nil else { return }
    indices[row.id] = rows.count
    rows.append(row)
  }

  /// Takes a row away; what was selected stays selected.
  mutating func remove(at index: Int) {
    rows.remove(at: index)
    if selection > index { selection -= 1 }
    indices = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1.id, $0) })
  }

  /// Takes several rows away at once; what was selected stays selected.
  mutating func remove(_ ids: Set<ExecutionID>) {
    let chosen = selected?.id
    rows.removeAll { ids.contains($0.id) }
    indices = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1.id, $0) })
    selection = chosen.flatMap { indices[$0] } ?? max(0, min(selection, rows.count - 1))
  }

  /// Puts another execution into a row's place.
  mutating func replace(at index: Int, with row: ExecutionRow) {
    indices[rows[index].id] = nil
    rows[index] = row
    indices[row.id] = index
  }

  /// The box that a row runs in, when the start prompt knows it; another boxwatch's box of that name is not ours.
  func box(of row: ExecutionRow) -> BoxChoice? {
    row.origin.isOurs ? boxes.first { $0.name == row.box } : nil
  }

  /// How a role looks here.
  func style(_ role: Role) -> Style { theme.style(role, depth: depth) }

  /// Shows a sentence in the status line for a while.
  mutating func say(_ text: String, isError: Bool = false) {
    notice = Notice(text: text, isError: isError, until: now &+ Notice.lifetime)
  }
}

extension Model {
  /// The size for a terminal that is started now: what its pane will have, so that its command's first line fits.
  public var freshTerminalSize: TerminalSize { Layout(self).terminalSize }
}

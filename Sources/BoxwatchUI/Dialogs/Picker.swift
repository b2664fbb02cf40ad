public import ExecModel

/// A target that can be attached to.
public enum PickerTarget: Hashable, Sendable {
  /// An execution whose journal is in a folder on this machine: another boxwatch's, or an old one.
  case journal(ExecutionID, folder: String)
  /// An execution on a BoxLite server, in the form that `boxwatch attach` takes:
  /// `boxlite://HOST:PORT/BOX/EXEC`.
  case remote(String)

  /// The execution's identifier, if boxwatch assigned one.
  var id: ExecutionID? {
    switch self {
    case .journal(let id, _): id
    case .remote: nil
    }
  }

  /// The identifier as a user writes it.
  var name: String {
    switch self {
    case .journal(let id, _): id.description
    case .remote(let text): text
    }
  }
}

/// An entry of the attach list.
public struct PickerEntry: Hashable, Sendable {
  /// The target.
  public var target: PickerTarget
  /// The state.
  public var state: Standing
  /// The time since its creation in nanoseconds; nil when unknown.
  public var age: UInt64?
  /// The box it runs in.
  public var box: String
  /// Where it is: `monitor 4711`, `journal`, `boxlite://…`.
  public var place: String
  /// Its name, or else its command.
  public var title: String

  /// Creates an entry.
  public init(target: PickerTarget, state: Standing, age: UInt64?, box: String, place: String, title: String) {
    self.target = target
    self.state = state
    self.age = age
    self.box = box
    self.place = place
    self.title = title
  }

  /// Whether it is still running.
  var isRunning: Bool {
    switch state {
    case .starting, .running, .draining, .emptying: true
    case .waiting, .done, .interrupted: false
    }
  }

  /// Whether it matches a query: every word occurs in one of its columns.
  func fits(_ query: String) -> Bool {
    let text = [StateBadge(state).word, box, place, title, target.name].joined(separator: " ").lowercased()
    return query.lowercased().split(separator: " ").allSatisfy { text.contains($0) }
  }
}

/// The attach list: arrow keys select, typing filters.
public struct Picker: Hashable, Sendable {
  /// The maximum length of the filter, in characters.
  static let queryLimit = 200

  /// All entries, running ones first; nil until the first listing.
  public private(set) var entries: [PickerEntry]?
  /// The text of the filter.
  public private(set) var query = ""
  /// The selected entry, which stays selected when the list changes.
  private var chosen: PickerTarget?
  /// Its last index among the entries shown.
  private var place = 0
  /// Whether a listing was requested and has not arrived.
  var isListing = true

  /// Creates a picker without a listing.
  public init() {}

  /// The entries that match the filter.
  public var shown: [PickerEntry] { (entries ?? []).filter { $0.fits(query) } }

  /// The index of the selected entry among those shown.
  public func index(in shown: [PickerEntry]) -> Int {
    shown.firstIndex { $0.target == chosen } ?? min(place, max(0, shown.count - 1))
  }

  /// Takes a new listing; the sort is stable and the given order is newest first.
  mutating func take(_ listing: [PickerEntry]) {
    entries = listing.filter(\.isRunning) + listing.filter { !$0.isRunning }
    isListing = false
    choose(index(in: shown))
  }

  /// Selects by index among the entries shown, clamped to the valid range.
  mutating func choose(_ index: Int) {
    let shown = shown
    place = min(max(0, index), max(0, shown.count - 1))
    chosen = shown.indices.contains(place) ? shown[place].target : nil
  }

  /// Moves by a number of entries, stopping at the ends.
  mutating func move(by count: Int) { choose(index(in: shown) &+ count) }

  /// Appends text to the filter.
  mutating func type(_ text: String) {
    query = String((query + text.map { $0.isNewline ? " " : $0 }).prefix(Self.queryLimit))
    choose(0)
  }

  /// Deletes the last character of the filter, or all of it.
  mutating func untype(all: Bool = false) {
    query = all ? "" : String(query.dropLast())
    choose(index(in: shown))
  }
}

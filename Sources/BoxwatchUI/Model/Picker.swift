public import ExecModel

/// What can be attached to.
public enum PickerTarget: Hashable, Sendable {
  /// An execution whose journal stands in a folder on this machine: another boxwatch's, or one of old.
  case journal(ExecutionID, folder: String)
  /// An execution on a BoxLite server, as `boxwatch attach` takes it: `boxlite://HOST:PORT/BOX/EXEC`.
  case remote(String)

  /// The execution, where boxwatch itself has named it.
  var id: ExecutionID? {
    switch self {
    case .journal(let id, _): id
    case .remote: nil
    }
  }

  /// The identifier as a person writes it.
  var name: String {
    switch self {
    case .journal(let id, _): id.description
    case .remote(let text): text
    }
  }
}

/// One execution that the picker offers.
public struct PickerEntry: Hashable, Sendable {
  /// What would be attached to.
  public var target: PickerTarget
  /// Where it stands.
  public var state: RowState
  /// How long ago it was created, in nanoseconds; nil when nobody knows.
  public var age: UInt64?
  /// The box it runs in.
  public var box: String
  /// Where it is: `monitor 4711`, `journal`, `boxlite://…`.
  public var place: String
  /// Its name, else its command.
  public var title: String

  /// Makes an entry.
  public init(target: PickerTarget, state: RowState, age: UInt64?, box: String, place: String, title: String) {
    self.target = target
    self.state = state
    self.age = age
    self.box = box
    self.place = place
    self.title = title
  }

  /// Whether something may still come of it.
  var isRunning: Bool {
    switch state {
    case .starting, .running, .draining, .emptying: true
    case .waiting, .done, .interrupted: false
    }
  }

  /// Whether it fits what was typed: every word in any of its columns.
  func fits(_ query: String) -> Bool {
    let text = [StateBadge(state).word, box, place, title, target.name].joined(separator: " ").lowercased()
    return query.lowercased().split(separator: " ").allSatisfy { text.contains($0) }
  }
}

/// The list of what there is to attach to: arrows choose, typing narrows it down.
public struct Picker: Hashable, Sendable {
  /// Most characters that narrow the list down.
  static let queryLimit = 200

  /// Everything there is, running first; nil until it was listed once.
  public private(set) var entries: [PickerEntry]?
  /// What was typed.
  public private(set) var query = ""
  /// The chosen entry, which stays chosen when others come and go.
  private var chosen: PickerTarget?
  /// Where it stood last among those shown.
  private var place = 0
  /// Whether a listing was asked for and has not come.
  var isListing = true

  /// A picker that knows of nothing yet.
  public init() {}

  /// The entries that fit what was typed.
  public var shown: [PickerEntry] { (entries ?? []).filter { $0.fits(query) } }

  /// The chosen entry's index among those shown.
  public func index(in shown: [PickerEntry]) -> Int {
    shown.firstIndex { $0.target == chosen } ?? min(place, max(0, shown.count - 1))
  }

  /// Takes a new listing; among equals the given order stays, which is newest first.
  mutating func take(_ listing: [PickerEntry]) {
    entries = listing.filter(\.isRunning) + listing.filter { !$0.isRunning }
    isListing = false
    choose(index(in: shown))
  }

  /// Chooses an entry by its index among those shown, as near as there is one.
  mutating func choose(_ index: Int) {
    let shown = shown
    place = min(max(0, index), max(0, shown.count - 1))
    chosen = shown.indices.contains(place) ? shown[place].target : nil
  }

  /// Moves by some entries, stopping at the ends.
  mutating func move(by count: Int) { choose(index(in: shown) &+ count) }

  /// Narrows the list down.
  mutating func type(_ text: String) {
    query = String((query + text.map { $0.isNewline ? " " : $0 }).prefix(Self.queryLimit))
    choose(0)
  }

  /// Takes back the last typed character, or all of them.
  mutating func untype(all: Bool = false) {
    query = all ? "" : String(query.dropLast())
    choose(index(in: shown))
  }
}

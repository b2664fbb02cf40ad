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

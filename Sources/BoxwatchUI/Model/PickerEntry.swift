public import ExecModel
import Widgets

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

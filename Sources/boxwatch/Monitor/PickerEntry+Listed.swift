import BoxwatchUI
import ExecModel
import Journal
import SystemPackage

extension PickerEntry {
  /// The entry of a listed execution, at a time of day in nanoseconds since 1970.
  init(_ listed: ListedExecution, now: UInt64) {
    self.init(
      target: .journal(listed.id, folder: listed.directory.string), state: RowState(listed.state),
      age: now - min(now, listed.identity.created), box: listed.boxTitle, place: listed.whereabouts,
      title: listed.spec.name ?? CommandWords.joined(listed.spec.command))
  }
}

extension RowState {
  /// The row's state of a listed one.
  init(_ state: ListedState) {
    switch state {
    case .starting: self = .starting
    case .running: self = .running
    case .draining(let status): self = .draining(status)
    case .emptying(let status): self = .emptying(status)
    case .done(let conclusion): self = .done(conclusion)
    case .interrupted: self = .interrupted
    }
  }
}

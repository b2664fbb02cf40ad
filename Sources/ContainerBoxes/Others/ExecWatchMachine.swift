import JSON

/// What an engine's event says about the execs of a container.
enum EngineEvent: Hashable {
  /// An exec with this identifier started; nil when the event does not name it.
  case started(String?)
  /// The container has ended.
  case ended

  /// Parses an event; nil for any other.
  init?(_ json: JSONValue) {
    switch (json["Action"] ?? json["status"])?.string {
    case "die", "died", "remove", "destroy": self = .ended
    case "exec": self = .started(nil)
    case .some(let action) where action.hasPrefix("exec_start"):
      self = .started(json["Actor"]?["Attributes"]?["execID"]?.string)
    default: return nil
    }
  }
}

/// Decides which execs of a container are reported, each once: a value, without connection or clock.
///
/// Docker's events name the exec; Podman's do not, so that each event triggers a request for the list.
struct ExecWatchMachine: Hashable {
  enum Input: Hashable {
    /// The time of the first request has come: the stream of events is established by then.
    case due
    case event(EngineEvent)
    /// The execs that are running, and whether the container is.
    case listed([String], isRunning: Bool)
    /// Our own execs are known by now.
    case settled([String], isOurs: [Bool])
    /// The events ended, or cannot be read.
    case lost(String)
    /// The caller is done with it.
    case released
  }

  enum Action: Hashable {
    case none
    /// The input came too late.
    case drop
    /// Request the running execs.
    case list
    /// Wait until the request that created an exec of ours must have been answered, which may be after its first event.
    case settle([String])
    case report([String])
    /// Report the end: of the container, or why it can no longer be watched.
    case finish(String?)
    /// Release everything.
    case close
  }

  private(set) var isOver = false
  private var known = RecentNames()

  /// Applies one input and returns the action.
  mutating func apply(_ input: Input) -> Action {
    guard !isOver else { return .drop }
    switch input {
    case .due, .event(.started(nil)): return .list
    case .event(.started(.some(let exec))): return settle([exec])
    case .listed(let execs, isRunning: true): return settle(execs)
    case .event(.ended), .listed(_, isRunning: false): return end(.finish(nil))
    case .settled(let execs, let isOurs): return .report(zip(execs, isOurs).filter { !$1 }.map(\.0))
    case .lost(let reason): return end(.finish(reason))
    case .released: return end(.close)
    }
  }

  private mutating func settle(_ execs: [String]) -> Action {
    let new = execs.filter { known.insert($0) }
    return new.isEmpty ? .none : .settle(new)
  }

  private mutating func end(_ action: Action) -> Action {
    isOver = true
    return action
  }
}

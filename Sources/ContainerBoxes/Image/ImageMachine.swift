import ExecEngine

/// Decides what happens to one throw-away container, from its start to its removal: a value, without connection.
///
/// The exit code is requested before the main process starts, and may arrive at any time after that; it is reported
/// after the streams have ended.
struct ImageMachine: Hashable {
  enum State: Hashable {
    /// The connection of the streams is being established.
    case attaching
    /// The main process is being started.
    case starting
    /// The engine is asked for the main process's number.
    case inspecting
    case running
    /// The streams have ended; the exit code is pending.
    case ending
    case over
  }

  /// The engine's answer to the request for the exit code.
  enum Exit: Hashable {
    case code(Int32)
    case unknown(EngineAPIError)
  }

  enum Input: Hashable {
    case attached
    case started
    /// The main process's number; nil when it is over or the engine does not say it.
    case inspected(Int32?)
    /// The engine refused to attach or to start.
    case refused(EngineAPIError)
    /// The connection has ended, and all bytes were taken.
    case delivered
    case exited(Exit)
    /// The caller is done with it.
    case released
  }

  enum Action: Hashable {
    case none
    /// The input is not valid in this state, or too late.
    case drop
    case start
    case inspect
    /// Report the start, with the main process's number, and deliver the output.
    case begin(Int32?)
    /// Report that it never ran, and remove the container.
    case fail(EngineAPIError)
    /// Report the ends of the streams, then the exit.
    case finish(Int32)
    case lose(EngineAPIError)
    /// Remove the container: no other client uses it.
    case remove
  }

  private(set) var state = State.attaching
  private var exit: Exit?

  /// Applies one input and returns the action.
  mutating func apply(_ input: Input) -> Action {
    switch (state, input) {
    case (.over, _): .drop
    case (_, .released): end(.remove)
    case (.ending, .exited(let exit)): conclude(exit)
    case (_, .exited(let exit)): keep(exit)
    case (.attaching, .refused(let error)), (.starting, .refused(let error)): end(.fail(error))
    case (.attaching, .attached): move(to: .starting, .start)
    case (.starting, .started): move(to: .inspecting, .inspect)
    case (.inspecting, .inspected(let number)): move(to: .running, .begin(number))
    case (.running, .delivered): exit.map { conclude($0) } ?? move(to: .ending, .none)
    case (.attaching, _), (.starting, _), (.inspecting, _), (.running, _), (.ending, _): .drop
    }
  }

  private mutating func move(to state: State, _ action: Action) -> Action {
    self.state = state
    return action
  }

  private mutating func end(_ action: Action) -> Action { move(to: .over, action) }

  private mutating func keep(_ exit: Exit) -> Action {
    guard self.exit == nil else { return .drop }
    self.exit = exit
    return .none
  }

  private mutating func conclude(_ exit: Exit) -> Action {
    switch exit {
    case .code(let code): end(.finish(code))
    case .unknown(let error): end(.lose(error))
    }
  }
}

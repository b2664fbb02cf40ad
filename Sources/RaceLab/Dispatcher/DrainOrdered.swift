public import ExecModel

/// The production state machine: exit and the end of every stream first, then `Exit`, then the waits.
///
/// boxwatch's engine decides with the same ``/ExecModel/ExecutionMachine``, imported and not copied; the rule is that
/// of the report on which this project is based (BoxLite #705, #714). This adapter does what the engine's owner does
/// with the machine's actions, and nothing more.
public struct DrainOrdered: DescribedDispatcher {
  private var machine: ExecutionMachine
  private var waiters = Waiters()
  /// Number of inputs that the machine rejected as impossible: 0 if the environment keeps the order of each source.
  public private(set) var refused = 0

  /// Makes a dispatcher for a process that has just started, with the drain policy of its machine.
  public init(policy: DrainPolicy = .untilEndOfStream) {
    machine = ExecutionMachine(streams: .both, policy: policy)
    _ = apply(.spawned)
  }

  /// Its name, `drain-ordered`.
  public static let name = "drain-ordered"
  /// What it does, in one line.
  public static let summary = "the exit and every stream's end, then exit, then the waits"
  /// The programs that do this.
  public static let origin = "boxwatch's engine: its own state machine, imported (after BoxLite #705, #714)"
  /// All.
  public static let promises: PromiseSet = .all

  /// The machine's state.
  public var state: ExecutionState { machine.state }

  /// Takes one happening.
  public mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch happening {
    case .output(let stream, let chunk):
      guard apply(.output(stream)) == .append else { return }
      output.announce(.output(stream, chunk: chunk))
    case .endOfStream(let stream): act(apply(.endOfStream(stream)), into: &output)
    case .emptied(let stream): act(apply(.streamEmptied(stream)), into: &output)
    case .exited(let status): act(apply(.exited(status)), into: &output)
    case .deadline: act(apply(.drainDeadlineElapsed), into: &output)
    case .forceClosed: act(apply(.forceClosed), into: &output)
    case .waits(let waiter): waiters.take(waiter, into: &output)
    }
  }

  private mutating func apply(_ input: ExecutionInput) -> ExecutionAction {
    do {
      return try machine.apply(input)
    } catch {
      refused &+= 1
      return .drop
    }
  }

  private mutating func act(_ action: ExecutionAction, into output: inout some DispatcherOutput) {
    switch action {
    case .publishTerminal(let outcome): waiters.finish(outcome.status, truncated: outcome.truncated, into: &output)
    case .emptyStreams(let streams): output.emptyKernel(streams)
    case .startDrainTimer: output.startTimer()
    case .none, .append, .drop, .terminate, .kill: break
    }
  }
}

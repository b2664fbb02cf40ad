/// Any one of the lab's dispatchers, as one plain value: no box, no allocation when it is copied.
public enum StandardDispatcher: Dispatcher {
  /// Whoever reaps announces.
  case exitFirst(ExitFirst)
  /// Exit waits, each wait overtakes.
  case exitGated(ExitGated)
  /// Exit waits for the pumps it knows.
  case lateRegistration(LateRegistration)
  /// A fixed time after the exit.
  case fixedTimer(FixedTimer)
  /// Until the kernel's buffer is empty.
  case untilEmpty(UntilEmpty)
  /// End of stream alone.
  case endOfStreamOnly(EndOfStreamOnly)
  /// The production machine.
  case drainOrdered(DrainOrdered)

  /// Which it is.
  public var kind: DispatcherKind {
    switch self {
    case .exitFirst: .exitFirst
    case .exitGated: .exitGated
    case .lateRegistration: .lateRegistration
    case .fixedTimer: .fixedTimer
    case .untilEmpty: .untilEmpty
    case .endOfStreamOnly: .endOfStreamOnly
    case .drainOrdered: .drainOrdered
    }
  }

  /// Takes one happening and puts its answers into `output`.
  public mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch self {
    case .exitFirst(var dispatcher):
      dispatcher.take(happening, into: &output)
      self = .exitFirst(dispatcher)
    case .exitGated(var dispatcher):
      dispatcher.take(happening, into: &output)
      self = .exitGated(dispatcher)
    case .lateRegistration(var dispatcher):
      dispatcher.take(happening, into: &output)
      self = .lateRegistration(dispatcher)
    case .fixedTimer(var dispatcher):
      dispatcher.take(happening, into: &output)
      self = .fixedTimer(dispatcher)
    case .untilEmpty(var dispatcher):
      dispatcher.take(happening, into: &output)
      self = .untilEmpty(dispatcher)
    case .endOfStreamOnly(var dispatcher):
      dispatcher.take(happening, into: &output)
      self = .endOfStreamOnly(dispatcher)
    case .drainOrdered(var dispatcher):
      dispatcher.take(happening, into: &output)
      self = .drainOrdered(dispatcher)
    }
  }
}

/// Any of the lab's dispatchers as one plain value: no existential box, and no allocation when it is copied.
public enum StandardDispatcher: Dispatcher {
  /// Announces the end at the exit.
  case exitFirst(ExitFirst)
  /// The exit waits for the pumps; a wait does not.
  case exitGated(ExitGated)
  /// The exit waits for the registered pumps.
  case lateRegistration(LateRegistration)
  /// Waits a fixed time after the exit.
  case fixedTimer(FixedTimer)
  /// Empties the kernel's buffer at the exit.
  case untilEmpty(UntilEmpty)
  /// Waits only for end of stream.
  case endOfStreamOnly(EndOfStreamOnly)
  /// The production machine.
  case drainOrdered(DrainOrdered)

  /// Its kind.
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

public import ExecModel

/// A dispatcher of the lab, with a description and its promises.
public protocol DescribedDispatcher: Dispatcher {
  /// Its name on the command line: `exit-first`.
  static var name: String { get }
  /// One line that says what it does.
  static var summary: String { get }
  /// The real programs that do this, and the source of that information.
  static var origin: String { get }
  /// The promises that it keeps in every schedule.
  static var promises: PromiseSet { get }
}

/// The available dispatchers.
public enum DispatcherKind: UInt8, Hashable, Sendable, CaseIterable {
  /// ``ExitFirst``
  case exitFirst
  /// ``ExitGated``
  case exitGated
  /// ``LateRegistration``
  case lateRegistration
  /// ``FixedTimer``
  case fixedTimer
  /// ``UntilEmpty``
  case untilEmpty
  /// ``EndOfStreamOnly``
  case endOfStreamOnly
  /// ``DrainOrdered``
  case drainOrdered

  private var type: any DescribedDispatcher.Type {
    switch self {
    case .exitFirst: ExitFirst.self
    case .exitGated: ExitGated.self
    case .lateRegistration: LateRegistration.self
    case .fixedTimer: FixedTimer.self
    case .untilEmpty: UntilEmpty.self
    case .endOfStreamOnly: EndOfStreamOnly.self
    case .drainOrdered: DrainOrdered.self
    }
  }

  /// Its name on the command line: `exit-first`.
  public var name: String { type.name }
  /// One line that says what it does.
  public var summary: String { type.summary }
  /// The real programs that do this.
  public var origin: String { type.origin }
  /// The promises that it keeps in every schedule.
  public var promises: PromiseSet { type.promises }
  /// Whether it ends only when a timer fires, so that its scenario must have a deadline.
  public var needsDeadline: Bool { self == .fixedTimer }

  /// Parses a name.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` that lists the valid names.
  public init(name: String) throws(TextValueError) {
    guard let kind = Self.allCases.first(where: { $0.name == name }) else {
      let names = Self.allCases.map(\.name).joined(separator: ", ")
      throw TextValueError("'\(name)' is not a dispatcher; the dispatchers are \(names)")
    }
    self = kind
  }

  /// Makes a dispatcher of this kind in its initial state.
  ///
  /// - Parameter drain: The policy of `drain-ordered`'s machine; the others have none.
  public func make(drain: DrainPolicy = .untilEndOfStream) -> StandardDispatcher {
    switch self {
    case .exitFirst: .exitFirst(ExitFirst())
    case .exitGated: .exitGated(ExitGated())
    case .lateRegistration: .lateRegistration(LateRegistration())
    case .fixedTimer: .fixedTimer(FixedTimer())
    case .untilEmpty: .untilEmpty(UntilEmpty())
    case .endOfStreamOnly: .endOfStreamOnly(EndOfStreamOnly())
    case .drainOrdered: .drainOrdered(DrainOrdered(policy: drain))
    }
  }
}

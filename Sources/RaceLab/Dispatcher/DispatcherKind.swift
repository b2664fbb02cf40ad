public import ExecModel

/// A dispatcher of the lab's own, which says what it is and what it keeps.
public protocol DescribedDispatcher: Dispatcher {
  /// Its name on the command line: `exit-first`.
  static var name: String { get }
  /// One line that says what it does.
  static var summary: String { get }
  /// Which real programs do this, and where that is known from.
  static var origin: String { get }
  /// What it keeps in every schedule.
  static var promises: PromiseSet { get }
}

/// The dispatchers that there are, by name.
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
  /// Which real programs do this.
  public var origin: String { type.origin }
  /// What it keeps in every schedule.
  public var promises: PromiseSet { type.promises }
  /// Whether it ends only when a timer is up, so that its scenario must have a deadline.
  public var needsDeadline: Bool { self == .fixedTimer }

  /// Reads a name.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` that lists the names there are.
  public init(name: String) throws(TextValueError) {
    guard let kind = Self.allCases.first(where: { $0.name == name }) else {
      let names = Self.allCases.map(\.name).joined(separator: ", ")
      throw TextValueError("'\(name)' is no dispatcher: there are \(names)")
    }
    self = kind
  }

  /// A dispatcher of this kind that has been told nothing.
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

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

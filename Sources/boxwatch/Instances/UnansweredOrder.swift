import Boxes
import ExecModel

/// An order that was given to another boxwatch, which does not answer.
///
/// One that is stopped looks at who gave an order when it goes on, and follows none whose sender has gone: nothing says by
/// then where it came from.
struct UnansweredOrder: Error, CustomStringConvertible {
  /// What an order that was given and not answered ends with, as for any time that is up.
  static let status: Int32 = 124

  /// One line: who was asked, and what will become of it.
  let description: String

  init(_ execution: ExecutionID, owner: Int32) {
    let hope =
      ProcessSight(of: owner) == .stopped
      ? "it is stopped; give the order again when it goes on (kill -CONT \(owner))" : "it may still follow"
    description = "process \(owner) was asked, and does not answer for \(execution): \(hope)"
  }
}

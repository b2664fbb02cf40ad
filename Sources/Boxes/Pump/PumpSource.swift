/// A descriptor's owner, as a pump loop drives it.
///
/// Only the loop's thread calls ``turn(_:)``, for an event or after ``PumpLoop/post(_:)``; so turns never overlap.
protocol PumpSource: AnyObject, Sendable {
  /// Does what can be done now without waiting.
  func turn(_ turn: PumpTurn)
}

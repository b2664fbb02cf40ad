/// Somebody who knows of boxes: the list of boxes asks each.
protocol BoxFinder: Sendable {
  /// The boxes, in the order in which they are shown; a place that cannot be searched is a box with a problem.
  func find() -> [FoundBox]
}

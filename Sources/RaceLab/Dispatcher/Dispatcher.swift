/// Who decides when a consumer is told the end: a small value that takes happenings and answers announcements.
///
/// It knows neither the scenario nor how much is still to come, so that the same value serves the explorer, the screen
/// and real processes.
public protocol Dispatcher: Hashable, Sendable {
  /// Takes one happening and puts its answers into `output`.
  mutating func take(_ happening: Happening, into output: inout some DispatcherOutput)
}

extension Dispatcher {
  /// Takes one happening and returns its answers.
  public mutating func take(_ happening: Happening) -> Answer {
    var answer = Answer()
    take(happening, into: &answer)
    return answer
  }
}

/// An input that cannot happen in the state it came to; a back end that reports it talks nonsense.
///
/// It is an error and never a trap, since a back end behind a socket can send anything.
public struct ImpossibleInput: Error, Hashable, Sendable {
  /// The state the input came to, which it left as it was.
  public let state: ExecutionState
  /// The input that made no sense.
  public let input: ExecutionInput

  /// Names the state and the input.
  public init(state: ExecutionState, input: ExecutionInput) {
    self.state = state
    self.input = input
  }
}

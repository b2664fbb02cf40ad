public import ExecModel

/// Why a box could not start a command: the kind for programs, one sentence for people.
public struct BoxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it was.
  public let failure: ExecModel.StartFailure
  /// One line that says what is wrong, where, and what to do.
  public let description: String

  /// Makes an error.
  public init(_ failure: ExecModel.StartFailure, _ description: String) {
    self.failure = failure
    self.description = description
  }
}

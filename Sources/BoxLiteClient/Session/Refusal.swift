/// Why a server did not let us in, as far as it matters for what to do next.
enum Refusal: Hashable, CaseIterable {
  /// Somebody else is attached, or our own old connection is not noticed to be dead.
  case taken
  /// It does not know the execution (any more).
  case gone
  /// It will not, however often we ask.
  case forbidden
  /// It cannot now.
  case passing

  init(_ error: ClientError) {
    switch error.status {
    case 409: self = .taken
    case 404, 410: self = .gone
    default: self = error.isPassing ? .passing : .forbidden
    }
  }
}

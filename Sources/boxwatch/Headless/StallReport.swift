import ExecModel

/// Tells on standard error that a stream's output cannot be recorded, and that it can be again.
///
/// A pump that only waits for a slow reader of ours is no news, and neither is its going on.
struct StallReport {
  private var told: Set<ExecStream> = []

  /// Takes the next event of an execution; others than stalls do nothing.
  mutating func take(_ event: ExecutionEvent) {
    switch event {
    case .stalled(let stream, let number) where number != 0:
      told.insert(stream)
      Diagnostics.stalled(stream, number)
    case .resumed(let stream):
      if told.remove(stream) != nil { Diagnostics.print("\(stream.name): there is room again, the command goes on") }
    default: break
    }
  }
}

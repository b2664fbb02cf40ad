import ExecModel

/// Whoever reaps the child announces the end; the pumps are not asked.
///
/// BoxLite's C layer before its fix pushed `Exit` and `Wait` ahead of the last chunks (PR #685, #705: about 70 to 90 %
/// of short execs lost their stdout). containerd's shim publishes TaskExit before the I/O is drained and leaves the order
/// to its client; moby sets *not running* before it waits for the streams. Closing by force
/// pushes a synthetic exit at once (BoxLite's C layer: −129).
public struct ExitFirst: DescribedDispatcher {
  private var desk = WaitDesk()

  /// A dispatcher that has been told nothing.
  public init() {}

  /// Its name, `exit-first`.
  public static let name = "exit-first"
  /// What it does, in one line.
  public static let summary = "whoever reaps the child announces the end"
  /// Who does this.
  public static let origin = "BoxLite before the fix (#685, #705); containerd's TaskExit; moby's Running = false"
  /// Only that everyone who waits is answered.
  public static let promises: PromiseSet = .late

  /// Takes one happening.
  public mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch happening {
    case .output(let stream, let chunk): output.announce(.output(stream, chunk: chunk))
    case .exited(let status): desk.finish(status, into: &output)
    case .forceClosed: desk.finish(.forceClosed, into: &output)
    case .waits(let waiter): desk.take(waiter, into: &output)
    case .endOfStream, .emptied, .deadline: break
    }
  }
}

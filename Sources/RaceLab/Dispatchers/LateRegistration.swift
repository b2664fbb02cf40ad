import ExecModel

/// Waits, at the exit, only for the pumps that are registered by then.
///
/// BoxLite's one-shots: a pump starts when its callback is registered, and the registration of the exit callback takes
/// the one-shots that exist; "streams registered after it are not waited for" (its
/// C layer). Here a pump counts as registered once it has delivered something.
public struct LateRegistration: DescribedDispatcher {
  private var registered: StreamSet = []
  private var ended: StreamSet = []
  /// The pumps that the exit waits for; nil before the exit.
  private var awaited: StreamSet?
  private var status: ExitStatus?
  private var desk = WaitDesk()

  /// A dispatcher that has been told nothing.
  public init() {}

  /// Its name, `late-registration`.
  public static let name = "late-registration"
  /// What it does, in one line.
  public static let summary = "exit waits only for the pumps that were registered when the child was reaped"
  /// Who does this.
  public static let origin = "BoxLite's one-shots: streams registered after the exit callback are not waited for"
  /// Only that everyone who waits is answered.
  public static let promises: PromiseSet = .late

  /// Takes one happening.
  public mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch happening {
    case .output(let stream, let chunk):
      registered.formUnion(StreamSet(stream))
      output.announce(.output(stream, chunk: chunk))
    case .endOfStream(let stream), .emptied(let stream):
      ended.formUnion(StreamSet(stream))
      finishIfDrained(into: &output)
    case .exited(let status):
      self.status = status
      awaited = registered
      finishIfDrained(into: &output)
    case .forceClosed: desk.finish(.forceClosed, into: &output)
    case .waits(let waiter): desk.take(waiter, into: &output)
    case .deadline: break
    }
  }

  private mutating func finishIfDrained(into output: inout some DispatcherOutput) {
    guard let awaited, awaited.isSubset(of: ended) else { return }
    desk.finish(status, into: &output)
  }
}

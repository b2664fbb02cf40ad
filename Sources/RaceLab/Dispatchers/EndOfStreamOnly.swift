import ExecModel

/// Waits for the ends of the streams alone and never for the exit.
///
/// Readers that treat end of file as the end (stern#361: "EOF is not done"; honcho waits for it 3.3 s with a 3 s
/// grandchild). A process may close its streams and live on: the end is then told with no status. And while
/// a grandchild holds a stream, an exited process counts as running, for ever if need be.
public struct EndOfStreamOnly: DescribedDispatcher {
  private var open: StreamSet = .both
  private var status: ExitStatus?
  private var desk = WaitDesk()

  /// A dispatcher that has been told nothing.
  public init() {}

  /// Its name, `eof-only`.
  public static let name = "eof-only"
  /// What it does, in one line.
  public static let summary = "waits for the ends of the streams alone, never for the exit"
  /// Who does this.
  public static let origin = "honcho; readers that take end of file for the end (stern#361)"
  /// All but that the end is one.
  public static let promises: PromiseSet = [.order, .whole, .late]

  /// Takes one happening.
  public mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch happening {
    case .output(let stream, let chunk): output.announce(.output(stream, chunk: chunk))
    case .endOfStream(let stream), .emptied(let stream):
      open = open.removing(stream)
      if open.isEmpty { desk.finish(status, into: &output) }
    case .exited(let status): self.status = status
    case .waits(let waiter): desk.take(waiter, into: &output)
    case .deadline, .forceClosed: break
    }
  }
}

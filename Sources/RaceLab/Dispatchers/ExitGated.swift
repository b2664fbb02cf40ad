import ExecModel

/// `exit` waits for both pumps, but every `wait` is answered by a task of its own as soon as the process is reaped.
///
/// BoxLite's C layer as stored later: the exit pump awaits the pumps' one-shots, the result of `wait` is cached under a
/// lock of its own and returned at once (BoxLite's C layer; before #563 Go's `Wait` returned
/// with chunks in flight, 18 to 26 of 50 truncated). Who never waits is safe; who waits reads the end early.
public struct ExitGated: DescribedDispatcher {
  private var reaped: ExitStatus?
  private var open: StreamSet = .both
  private var waits = WaitDesk()
  private var hasExited = false

  /// A dispatcher that has been told nothing.
  public init() {}

  /// Its name, `exit-gated`.
  public static let name = "exit-gated"
  /// What it does, in one line.
  public static let summary = "exit waits for the pumps, but a wait is answered as soon as the child is reaped"
  /// Who does this.
  public static let origin = "BoxLite's C layer later: exit awaits the pumps, wait has a task of its own (#563)"
  /// Only that everyone who waits is answered.
  public static let promises: PromiseSet = .late

  /// Takes one happening.
  public mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch happening {
    case .output(let stream, let chunk): output.announce(.output(stream, chunk: chunk))
    case .endOfStream(let stream), .emptied(let stream):
      open = open.removing(stream)
      if let reaped, open.isEmpty { exit(reaped, into: &output) }
    case .exited(let status):
      reaped = status
      // A tie goes to the exit: what it waits for is over already.
      if open.isEmpty { exit(status, into: &output) }
      waits.answer(status, into: &output)
    case .forceClosed:
      // free() aborts the pumps and claims the exit; the parked waits hear of the kill when it is reaped.
      exit(.forceClosed, into: &output)
    case .waits(let waiter): waits.take(waiter, into: &output)
    case .deadline: break
    }
  }

  private mutating func exit(_ status: ExitStatus, into output: inout some DispatcherOutput) {
    guard !hasExited else { return }
    hasExited = true
    output.announce(.exit(status, truncated: []))
  }
}

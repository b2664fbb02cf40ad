import ExecModel

/// Empties, at the exit, what the kernel holds, and stops there.
///
/// swift-subprocess's `Configuration.run`: the exit cancels the I/O, which drains until EAGAIN. What a grandchild writes
/// later is dropped by design, and the result does not say so. GNU parallel and podman 4.3.1 drop a grandchild's late
/// output as well.
public struct UntilEmpty: DescribedDispatcher {
  private var open: StreamSet = .both
  private var status: ExitStatus?
  private var desk = WaitDesk()

  /// A dispatcher that has been told nothing.
  public init() {}

  /// Its name, `until-empty`.
  public static let name = "until-empty"
  /// What it does, in one line.
  public static let summary = "empties the kernel's buffer at the exit, then stops"
  /// Who does this.
  public static let origin = "swift-subprocess; GNU parallel and podman 4.3.1 drop a grandchild's late output too"
  /// Order, and that everyone who waits is answered.
  public static let promises: PromiseSet = [.order, .late]

  /// Takes one happening.
  public mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch happening {
    case .output(let stream, let chunk): output.announce(.output(stream, chunk: chunk))
    case .endOfStream(let stream), .emptied(let stream):
      open = open.removing(stream)
      if status != nil, open.isEmpty { desk.finish(status, into: &output) }
    case .exited(let status):
      self.status = status
      if open.isEmpty { desk.finish(status, into: &output) } else { output.emptyKernel(open) }
    case .waits(let waiter): desk.take(waiter, into: &output)
    case .deadline, .forceClosed: break
    }
  }
}

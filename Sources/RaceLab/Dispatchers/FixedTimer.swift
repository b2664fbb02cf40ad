import ExecModel

/// Waits a fixed time after the exit, then announces the end, whatever the pumps have brought by then.
///
/// The usual repair: moby gives the streams of an exited exec 2 s and then closes them, containerd's shim waits 2 s in
/// `Delete`. Under load the time is up before the pump was scheduled, and
/// nothing says so. This is its bare form: it does not end early either, so every exec pays the time.
public struct FixedTimer: DescribedDispatcher {
  private var status: ExitStatus?
  private var desk = WaitDesk()

  /// A dispatcher that has been told nothing.
  public init() {}

  /// Its name, `fixed-timer`.
  public static let name = "fixed-timer"
  /// What it does, in one line.
  public static let summary = "waits a fixed time after the exit, then announces the end"
  /// Who does this.
  public static let origin = "moby's 2 s for the streams of an exited exec; containerd's 2 s in Delete"
  /// Only that everyone who waits is answered.
  public static let promises: PromiseSet = .late

  /// Takes one happening.
  public mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch happening {
    case .output(let stream, let chunk): output.announce(.output(stream, chunk: chunk))
    case .exited(let status):
      self.status = status
      output.startTimer()
    case .deadline: desk.finish(status, into: &output)
    case .waits(let waiter): desk.take(waiter, into: &output)
    case .endOfStream, .emptied, .forceClosed: break
    }
  }
}

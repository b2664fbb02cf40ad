import ExecModel

/// Announces the end when the child is reaped, without waiting for the pumps.
///
/// BoxLite's C layer before its fix pushed `Exit` and `Wait` ahead of the last chunks (PR #685, #705: about 70 to 90 %
/// of short execs lost their stdout). containerd's shim publishes TaskExit before the I/O is drained and leaves the
/// order to its client; moby sets *not running* before it waits for the streams. Force-closing pushes a synthetic exit
/// at once (BoxLite's C layer: −129).
public struct ExitFirst: DescribedDispatcher {
  private var waiters = Waiters()

  /// Makes a dispatcher in its initial state.
  public init() {}

  /// Its name, `exit-first`.
  public static let name = "exit-first"
  /// What it does, in one line.
  public static let summary = "the reaper of the child announces the end"
  /// The programs that do this.
  public static let origin = "BoxLite before the fix (#685, #705); containerd's TaskExit; moby's Running = false"
  /// Only that every waiter is answered.
  public static let promises: PromiseSet = .late

  /// Takes one happening.
  public mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch happening {
    case .output(let stream, let chunk): output.announce(.output(stream, chunk: chunk))
    case .exited(let status): waiters.finish(status, into: &output)
    case .forceClosed: waiters.finish(.forceClosed, into: &output)
    case .waits(let waiter): waiters.take(waiter, into: &output)
    case .endOfStream, .emptied, .deadline: break
    }
  }
}

/// `exit` waits for both pumps, but each `wait` is answered by a separate task as soon as the process is reaped.
///
/// BoxLite's C layer after the fix: the exit pump awaits the pumps' one-shots, the result of `wait` is cached under a
/// separate lock and returned at once (BoxLite's C layer; before #563 Go's `Wait` returned with chunks in flight, 18 to
/// 26 of 50 truncated). A client that does not wait is safe; one that waits reads the end early.
public struct ExitGated: DescribedDispatcher {
  private var reaped: ExitStatus?
  private var open: StreamSet = .both
  private var waits = Waiters()
  private var hasExited = false

  /// Makes a dispatcher in its initial state.
  public init() {}

  /// Its name, `exit-gated`.
  public static let name = "exit-gated"
  /// What it does, in one line.
  public static let summary = "the exit waits for the pumps, but a wait is answered as soon as the child is reaped"
  /// The programs that do this.
  public static let origin = "BoxLite's C layer later: exit awaits the pumps, wait has a task of its own (#563)"
  /// Only that every waiter is answered.
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
      // A tie goes to the exit: what it waits for is already over.
      if open.isEmpty { exit(status, into: &output) }
      waits.answer(status, into: &output)
    case .forceClosed:
      // free() aborts the pumps and claims the exit; parked waits are answered when the killed process is reaped.
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

/// At the exit, waits only for the pumps that are registered by then.
///
/// BoxLite's one-shots: a pump starts when its callback is registered, and the registration of the exit callback takes
/// the one-shots that exist; "streams registered after it are not waited for" (its C layer). Here a pump counts as
/// registered once it has delivered something.
public struct LateRegistration: DescribedDispatcher {
  private var registered: StreamSet = []
  private var ended: StreamSet = []
  /// The pumps that the exit waits for; nil before the exit.
  private var awaited: StreamSet?
  private var status: ExitStatus?
  private var waiters = Waiters()

  /// Makes a dispatcher in its initial state.
  public init() {}

  /// Its name, `late-registration`.
  public static let name = "late-registration"
  /// What it does, in one line.
  public static let summary = "the exit waits only for the pumps that were registered when the child was reaped"
  /// The programs that do this.
  public static let origin = "BoxLite's one-shots: streams registered after the exit callback are not waited for"
  /// Only that every waiter is answered.
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
    case .forceClosed: waiters.finish(.forceClosed, into: &output)
    case .waits(let waiter): waiters.take(waiter, into: &output)
    case .deadline: break
    }
  }

  private mutating func finishIfDrained(into output: inout some DispatcherOutput) {
    guard let awaited, awaited.isSubset(of: ended) else { return }
    waiters.finish(status, into: &output)
  }
}

/// Waits a fixed time after the exit, then announces the end, whatever the pumps have delivered by then.
///
/// The usual repair: moby gives the streams of an exited exec 2 s and then closes them, containerd's shim waits 2 s in
/// `Delete`. Under load the time is up before the pump was scheduled, and the loss is not reported. This is its basic
/// form: it does not end early either, so every exec takes the full time.
public struct FixedTimer: DescribedDispatcher {
  private var status: ExitStatus?
  private var waiters = Waiters()

  /// Makes a dispatcher in its initial state.
  public init() {}

  /// Its name, `fixed-timer`.
  public static let name = "fixed-timer"
  /// What it does, in one line.
  public static let summary = "waits a fixed time after the exit, then announces the end"
  /// The programs that do this.
  public static let origin = "moby's 2 s for the streams of an exited exec; containerd's 2 s in Delete"
  /// Only that every waiter is answered.
  public static let promises: PromiseSet = .late

  /// Takes one happening.
  public mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch happening {
    case .output(let stream, let chunk): output.announce(.output(stream, chunk: chunk))
    case .exited(let status):
      self.status = status
      output.startTimer()
    case .deadline: waiters.finish(status, into: &output)
    case .waits(let waiter): waiters.take(waiter, into: &output)
    case .endOfStream, .emptied, .forceClosed: break
    }
  }
}

/// At the exit, empties what the kernel holds, and stops there.
///
/// swift-subprocess's `Configuration.run`: the exit cancels the I/O, which drains until EAGAIN. What a grandchild
/// writes later is dropped by design, and the result does not report it. GNU parallel and podman 4.3.1 drop a
/// grandchild's late output as well.
public struct UntilEmpty: DescribedDispatcher {
  private var open: StreamSet = .both
  private var status: ExitStatus?
  private var waiters = Waiters()

  /// Makes a dispatcher in its initial state.
  public init() {}

  /// Its name, `until-empty`.
  public static let name = "until-empty"
  /// What it does, in one line.
  public static let summary = "empties the kernel's buffer at the exit, then stops"
  /// The programs that do this.
  public static let origin = "swift-subprocess; GNU parallel and podman 4.3.1 drop a grandchild's late output too"
  /// Order, and that every waiter is answered.
  public static let promises: PromiseSet = [.order, .late]

  /// Takes one happening.
  public mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch happening {
    case .output(let stream, let chunk): output.announce(.output(stream, chunk: chunk))
    case .endOfStream(let stream), .emptied(let stream):
      open = open.removing(stream)
      if status != nil, open.isEmpty { waiters.finish(status, into: &output) }
    case .exited(let status):
      self.status = status
      if open.isEmpty { waiters.finish(status, into: &output) } else { output.emptyKernel(open) }
    case .waits(let waiter): waiters.take(waiter, into: &output)
    case .deadline, .forceClosed: break
    }
  }
}

/// Waits only for the ends of the streams, and not for the exit.
///
/// Readers that treat end of file as the end (stern#361: "EOF is not done"; honcho waits for it 3.3 s with a 3 s
/// grandchild). A process may close its streams and continue: the end is then announced without a status. And while a
/// grandchild holds a stream, an exited process counts as running, possibly forever.
public struct EndOfStreamOnly: DescribedDispatcher {
  private var open: StreamSet = .both
  private var status: ExitStatus?
  private var waiters = Waiters()

  /// Makes a dispatcher in its initial state.
  public init() {}

  /// Its name, `eof-only`.
  public static let name = "eof-only"
  /// What it does, in one line.
  public static let summary = "waits only for the ends of the streams, never for the exit"
  /// The programs that do this.
  public static let origin = "honcho; readers that treat end of file as the end (stern#361)"
  /// All but P4: the end may be announced too early.
  public static let promises: PromiseSet = [.order, .whole, .late]

  /// Takes one happening.
  public mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch happening {
    case .output(let stream, let chunk): output.announce(.output(stream, chunk: chunk))
    case .endOfStream(let stream), .emptied(let stream):
      open = open.removing(stream)
      if open.isEmpty { waiters.finish(status, into: &output) }
    case .exited(let status): self.status = status
    case .waits(let waiter): waiters.take(waiter, into: &output)
    case .deadline, .forceClosed: break
    }
  }
}

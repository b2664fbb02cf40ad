import ExecEngine
import ExecModel
import Synchronization

/// Steers one execution of another boxwatch without keeping the loop waiting: one order after the other, on a thread.
final class RemoteSteering: Sendable {
  private struct Work {
    var orders: [@Sendable (RemoteControl) throws -> Void] = []
    var hasThread = false
  }

  private let control: RemoteControl
  private let complain: @Sendable (String) -> Void
  private let work = Mutex(Work())

  /// Takes orders; `complain` is told on another thread why one was not followed.
  init(_ control: RemoteControl, _ complain: @escaping @Sendable (String) -> Void) {
    self.control = control
    self.complain = complain
  }

  /// The execution's input, which keeps nobody waiting by itself.
  var input: RemoteInput { control.input }

  func signal(_ signal: Signal) { give { try $0.signal(signal) } }

  func kill() { give { try $0.kill() } }

  func resize(_ size: TerminalSize) { give { try $0.resize(size) } }

  private func give(_ order: @escaping @Sendable (RemoteControl) throws -> Void) {
    let needsThread = work.withLock { work in
      work.orders.append(order)
      defer { work.hasThread = true }
      return !work.hasThread
    }
    guard needsThread else { return }
    let work: @Sendable () -> Void = { [self] in while followNext() {} }
    // Without a thread the order is followed here: late is better than never.
    if EngineThread.start(name: "boxwatch-steer", work) != nil { work() }
  }

  /// Follows the order that was given first; false when there is none.
  private func followNext() -> Bool {
    let order = work.withLock { work in
      if work.orders.isEmpty { work.hasThread = false }
      return work.orders.isEmpty ? nil : work.orders.removeFirst()
    }
    guard let order else { return false }
    do { try order(control) } catch { complain("\(error)") }
    return true
  }
}

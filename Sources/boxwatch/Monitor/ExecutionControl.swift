import ExecEngine
import ExecModel
import Instances
import Linux
import Synchronization

/// Controls one execution, wherever it runs.
///
/// No call blocks. What is refused is reported to the closure that the control was made with.
protocol ExecutionControl: Sendable {
  /// Sends a signal to its process group.
  func signal(_ signal: Signal)
  /// Kills it with its process group; gives up the held streams of one that is draining.
  func kill()
  /// Gives up the held streams of one that is draining.
  func release()
  /// Writes to its input; `done` is called once, on any thread, whether the bytes were taken or not.
  func write(_ bytes: [UInt8], done: @escaping @Sendable () -> Void)
  /// Closes its input after the writes before.
  func closeInput()
  /// Resizes its terminal.
  func resize(_ size: TerminalSize)
  /// Gives up the connection to it, if there is one; the execution goes on.
  func close()
}

/// Controls an execution of this process's engine.
struct EngineControl: ExecutionControl {
  let engine: Engine
  let id: ExecutionID
  /// Takes the reason of a refusal, on any thread.
  let complain: @Sendable (String) -> Void

  func signal(_ signal: Signal) { attempt { try engine.signal(id, signal) } }

  func kill() { attempt { try engine.kill(id) } }

  func release() { attempt { try engine.forceClose(id) } }

  func write(_ bytes: [UInt8], done: @escaping @Sendable () -> Void) {
    do throws(EngineError) {
      try engine.write(id, bytes) { error in
        if let error { complain("the input was not taken: \(error.words)") }
        done()
      }
    } catch {
      complain(error.description)
      done()
    }
  }

  func closeInput() { attempt { try engine.closeInput(id) } }

  func resize(_ size: TerminalSize) { attempt { try engine.resize(id, to: size) } }

  func close() {}

  private func attempt(_ body: () throws -> Void) {
    do {
      try body()
    } catch let error as SignalError {
      complain(error.words)
    } catch {
      complain("\(error)")
    }
  }
}

/// Controls an execution of another boxwatch through its socket: requests are sent in order, on a
/// thread.
final class SocketControl: ExecutionControl {
  private struct Work {
    var orders: [@Sendable (RemoteControl) throws -> Void] = []
    var hasThread = false
  }

  private let control: RemoteControl
  private let complain: @Sendable (String) -> Void
  private let work = Mutex(Work())

  /// - Parameter complain: takes the reason when a request failed, on any thread.
  init(_ control: RemoteControl, complain: @escaping @Sendable (String) -> Void) {
    self.control = control
    self.complain = complain
  }

  func signal(_ signal: Signal) { give { try $0.signal(signal) } }

  func kill() { give { try $0.kill() } }

  func release() { complain(Attachment.releaseRefusal) }

  func write(_ bytes: [UInt8], done: @escaping @Sendable () -> Void) {
    control.input.write(bytes) { [complain] reason in
      if let reason { complain("the input was not taken: \(reason)") }
      done()
    }
  }

  func closeInput() { control.input.closeInput() }

  func resize(_ size: TerminalSize) { give { try $0.resize(size) } }

  func close() { control.input.close() }

  private func give(_ order: @escaping @Sendable (RemoteControl) throws -> Void) {
    let needsThread = work.withLock { work in
      work.orders.append(order)
      defer { work.hasThread = true }
      return !work.hasThread
    }
    guard needsThread else { return }
    let work: @Sendable () -> Void = { [self] in while followNext() {} }
    // When no thread can be created, the request is sent here and blocks.
    if DetachedThread.start(name: "boxwatch-control", work) != nil { work() }
  }

  /// Sends the oldest request; false when there is none.
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

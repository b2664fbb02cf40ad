import BoxwatchUI
import Console
import ExecModel
import Linux
import Synchronization

/// What other threads tell the loop.
enum MonitorEvent: Sendable {
  /// State that the loop reads when it was told that it changed.
  enum Source: Hashable, Sendable {
    /// The records of executions.
    case feeds
    /// The number of the server's clients.
    case clients
    /// The race lab's held command.
    case heldCommand
    /// The commands of a list: another one may be started.
    case jobs
  }

  /// A message for the model.
  case message(Message)
  /// A client of our server started an execution.
  case clientStarted(ExecutionID)
  /// An attach succeeded or failed.
  case attached(AttachResult)
  /// Something changed; the loop reads its present state.
  case changed(Source)
}

/// The only way into the loop from other threads: events in the order in which they were posted.
///
/// The loop sleeps on ``descriptor`` and takes everything once in a turn.
final class MonitorMailbox: Sendable {
  private struct State {
    var events: [MonitorEvent] = []
    var changed: Set<MonitorEvent.Source> = []
  }

  private let state = Mutex(State())
  private let wake: WakeDescriptor

  /// - Throws: ``/Console/Failure`` when no descriptor is available.
  init() throws { wake = try WakeDescriptor.make() }

  /// Readable while there are events.
  var descriptor: Int32 { wake.raw }

  /// Adds an event and wakes the loop; a change that is waiting already is not added again, so that
  /// a flood does not grow the queue.
  func post(_ event: MonitorEvent) {
    state.withLock { state in
      if case .changed(let source) = event, !state.changed.insert(source).inserted { return }
      state.events.append(event)
    }
    wake.wake()
  }

  /// Adds a message for the model.
  func post(_ message: Message) { post(.message(message)) }

  /// Adds an error for the status line.
  func complain(_ text: String) { post(.notice(text, isError: true)) }

  /// Removes and returns everything that was posted.
  func take() -> [MonitorEvent] {
    // First: what is posted after this wakes the loop again.
    wake.clear()
    return state.withLock { state in
      defer { state = State() }
      return state.events
    }
  }
}

import ExecEngine
import ExecModel
import Logging

// Reporting the end.
extension AttachSession {
  func conclude(_ end: AttachMachine.End) {
    switch end {
    case .exited(let code, let isProven): reportExit(code, isProven: isProven)
    case .lost(let loss):
      logger.warning(
        "lost a command",
        metadata: ["execution": "\(setup.execution)", "loss": "\(loss)", "why": "\(state.lastWord)"])
      // Output that was held back is reported at an uncertain place rather than dropped.
      for stream in setup.streams.streams {
        if let delivery = state.joins[stream]?.end() { push(stream, delivery) }
      }
      state.reports.append(.lost)
    }
    state.hasExit = true
    state.machine.leave()
    flush()
    guard markOver() else { return }
    for completion in state.input.giveUp() { completion(.brokenPipe) }
  }

  private func reportExit(_ code: Int32?, isProven: Bool) {
    for stream in setup.streams.streams {
      let delivery = state.joins[stream]?.end()
      if let delivery { push(stream, delivery) }
      // An end reported by a status says nothing about the output before it.
      if !isProven, delivery?.gap != .unprovenEnd { state.reports.append(.gap(stream, .unprovenEnd)) }
    }
    let open = state.truncated.intersection(setup.streams)
    for stream in setup.streams.subtracting(open).streams { state.reports.append(.end(stream)) }
    guard let status = status(code) else {
      state.reports.append(.lost)
      return
    }
    state.reports.append(.exited(status))
    if !open.isEmpty { state.reports.append(.lost) }
  }

  /// A command's exit status from the protocol's code; nil when it is unknown.
  ///
  /// −1 is both HUP and *unknown*; it is HUP when we sent one. Below −64 there is no signal (−129:
  /// force-closed).
  private func status(_ code: Int32?) -> ExitStatus? {
    switch code {
    case nil: nil
    case .some(let code) where code >= 0: .exited(code)
    case -1: state.hasHungUp ? .signalled(1, coreDumped: false) : nil
    case .some(let code) where code >= -64: .signalled(-code, coreDumped: false)
    default: nil
    }
  }
}

/// Why a server refused the attach, as far as it affects the next step.
enum Refusal: Hashable, CaseIterable {
  /// Another client is attached, or the server has not noticed that our old connection is dead.
  case taken
  /// The server does not have the execution, or no longer has it.
  case gone
  /// A permanent refusal.
  case forbidden
  /// A temporary refusal.
  case passing

  init(_ error: ClientError) {
    switch error.status {
    case 409: self = .taken
    case 404, 410: self = .gone
    default: self = error.isPassing ? .passing : .forbidden
    }
  }
}

import ExecEngine
import ExecModel
import Logging

// The end, as it is reported.
extension AttachSession {
  func conclude(_ end: AttachMachine.End) {
    switch end {
    case .exited(let code, let isProven): reportExit(code, isProven: isProven)
    case .lost(let loss):
      logger.warning(
        "a command is lost",
        metadata: ["execution": "\(setup.execution)", "loss": "\(loss)", "why": "\(state.lastWord)"])
      // What was held back is better shown at an uncertain place than not at all.
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
      // An end that was heard of says nothing about what came before it.
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

  /// How a command ended, by the protocol's code; nil when that is not known.
  ///
  /// −1 is both HUP and *nobody knows*; it is HUP when we sent one. What lies beyond −64 no signal has (−129: closed by
  /// force).
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

/// Why a server did not let us in, as far as it matters for what to do next.
enum Refusal: Hashable, CaseIterable {
  /// Somebody else is attached, or our own old connection is not noticed to be dead.
  case taken
  /// It does not know the execution (any more).
  case gone
  /// It will not, however often we ask.
  case forbidden
  /// It cannot now.
  case passing

  init(_ error: ClientError) {
    switch error.status {
    case 409: self = .taken
    case 404, 410: self = .gone
    default: self = error.isPassing ? .passing : .forbidden
    }
  }
}

import ExecModel
import Widgets

extension Model {
  /// Why a command is not possible now, in one sentence; nil when it is possible.
  func refusal(of command: MainCommand) -> String? {
    switch command {
    case .signal: refusal(signalRefusal)
    case .input: refusal(inputRefusal)
    case .forceClose: refusal { $0.isOver ? over($0) : $0.limits.kill }
    case .startWaiting: refusal { $0.isWaiting ? nil : "execution \($0.number) was started already" }
    case .release: refusal(releaseRefusal)
    case .moveSideways: refusal(sidewaysRefusal)
    case .previousExecution: refusal { _ in selection == 0 ? "this is the first execution" : nil }
    case .nextExecution: refusal { _ in selection == rows.count - 1 ? "this is the last execution" : nil }
    case .details, .toggleFollow, .toggleWrap, .toggleZoom, .search, .enter: refusal { _ in nil }
    case .select(let number): index(ofNumber: number) != nil ? nil : "there is no execution \(number)"
    case .themes: themes.isEmpty ? "there are no themes to choose from" : nil
    case .move, .focusNext, .focusPrevious, .leave, .toggleArrangement, .start, .attach, .race, .help, .quit, .suspend,
      .redraw:
      nil
    }
  }

  /// Why a command for the selected execution is not possible.
  private func refusal(_ reason: (ExecutionRow) -> String?) -> String? {
    guard let row = selected else { return "no execution yet: \(label(.start)) starts one" }
    return reason(row)
  }

  private func label(_ command: MainCommand) -> String { keymap.main.label(of: command) }

  /// Why no operation is possible on an execution that is over.
  func over(_ row: ExecutionRow) -> String {
    let died = row.state == .interrupted ? ": its boxwatch died, and its command may still be running" : ""
    return "execution \(row.number) is \(died.isEmpty ? "over" : "interrupted")\(died)"
  }

  private func signalRefusal(_ row: ExecutionRow) -> String? {
    switch row.state {
    case .waiting: return waitingRefusal(row)
    case .done: return "execution \(row.number) has ended: there is no process to signal"
    case .interrupted: return over(row)
    // While draining, a signal reaches the rest of the process group, such as a holder of a stream.
    case .starting, .running, .draining, .emptying:
      return row.limits.signals ?? boxRefusal(row)
    }
  }

  private func boxRefusal(_ row: ExecutionRow) -> String? {
    box(of: row)?.missing[.signals].map { "the box \(row.box) cannot deliver signals: \($0)" }
  }

  func inputRefusal(_ row: ExecutionRow) -> String? {
    if row.isOver { return over(row) }
    if row.isWaiting { return waitingRefusal(row) }
    if let reason = row.limits.input { return reason }
    if let reason = box(of: row)?.missing[.input] { return "the box \(row.box) takes no input: \(reason)" }
    return row.isInputClosed ? "the standard input of execution \(row.number) is closed" : nil
  }

  private func releaseRefusal(_ row: ExecutionRow) -> String? {
    switch row.state {
    case .draining: row.limits.release
    case .waiting: waitingRefusal(row)
    case .starting, .running: "only a draining execution has streams to give up; this one is still running"
    case .emptying: "its streams are being given up already"
    case .done, .interrupted: over(row)
    }
  }

  private func sidewaysRefusal(_ row: ExecutionRow) -> String? {
    guard let stream = focus.stream else { return "\(label(.focusNext)) moves into a pane first" }
    return row.panes[stream].wraps ? "long lines are wrapped; \(label(.toggleWrap)) cuts them" : nil
  }
}

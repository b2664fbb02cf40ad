import ExecModel

/// The words of a question and its buttons.
struct QuestionText: Hashable, Sendable {
  /// The lines above the buttons.
  var lines: [String]
  /// The button that does it.
  var yes: String
  /// The button that changes nothing.
  var no: String

  /// What is not asked about, since it goes on.
  private static func left(_ count: Int) -> [String] {
    count == 0
      ? [] : ["\(count) more \(count == 1 ? "is" : "are") only attached: \(count == 1 ? "it goes" : "they go") on."]
  }

  /// Whom it concerns besides the user.
  private static func clients(_ model: Model) -> [String] {
    guard let count = model.server?.clients, count > 0 else { return [] }
    return ["\(count) client\(count == 1 ? " is" : "s are") attached to the server."]
  }

  /// The words of a question as things stand.
  init(_ question: Question, _ model: Model) {
    no = "stay"
    switch question.subject {
    case .quit:
      let count = model.ours.count
      // All may have ended since the question was asked.
      lines =
        count == 0
        ? [model.waitingCount == 0 ? "Everything is over by now." : "Nothing runs just now."]
        : ["\(count) execution\(count == 1 ? " is" : "s are") not over yet."]
      let waiting = model.waitingCount
      if waiting > 0 {
        lines.append("\(waiting) more wait\(waiting == 1 ? "s" : "") for a turn, and will not be started.")
      }
      let attached = model.active.count - count - model.rows.count(where: \.isWaiting)
      lines += Self.left(attached) + Self.clients(model)
      yes = count == 0 ? "quit" : "kill and quit"
    case .forceClose(let id):
      let row = model.row(id)
      lines = ["Close execution \(row?.number ?? 0) by force?", row?.title ?? ""]
      yes = "kill"
    }
  }
}

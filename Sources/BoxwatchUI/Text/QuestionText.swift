import ExecModel

/// The words of a question and its buttons.
struct QuestionText: Hashable, Sendable {
  /// The lines above the buttons.
  var lines: [String]
  /// The button that does it.
  var yes: String
  /// The button that changes nothing.
  var no: String

  /// The words of a question as things stand.
  init(_ question: Question, _ model: Model) {
    no = "stay"
    switch question.subject {
    case .quit:
      let count = model.active.count
      // All may have ended since the question was asked.
      lines =
        count == 0
        ? ["Everything is over by now."] : ["\(count) execution\(count == 1 ? " is" : "s are") not over yet."]
      yes = count == 0 ? "quit" : "kill and quit"
    case .forceClose(let id):
      let row = model.row(id)
      lines = ["Close execution \(row?.number ?? 0) by force?", row?.title ?? ""]
      yes = "kill"
    }
  }
}

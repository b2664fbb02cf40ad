import ExecModel

/// Wraps boxwatch's own sentences between words.
enum WordWrap {
  /// Wraps a text to a width in characters; a longer word is split.
  static func lines(_ text: String, width: Int) -> [String] {
    let width = max(1, width)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ").flatMap({ pieces($0, width) }) {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// Wraps a text, after commas where that is enough.
  static func clauses(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var rest = text.split(separator: " ")[...]
    while !rest.isEmpty {
      let end = rest.firstIndex { $0.hasSuffix(",") } ?? rest.endIndex - 1
      let clause = rest[...end].joined(separator: " ")
      rest = rest[(end + 1)...]
      if let last = lines.last, last.count + 1 + clause.count <= width {
        lines[lines.count - 1] = last + " " + clause
      } else {
        lines += Self.lines(clause, width: width)
      }
    }
    return lines
  }

  private static func pieces(_ word: Substring, _ width: Int) -> [Substring] {
    var rest = word
    var pieces: [Substring] = []
    while rest.count > width {
      pieces.append(rest.prefix(width))
      rest = rest.dropFirst(width)
    }
    return pieces + [rest]
  }
}

/// The text of a confirmation and its buttons.
struct QuestionText: Hashable, Sendable {
  /// The lines above the buttons.
  var lines: [String]
  /// The confirming button.
  var yes: String
  /// The cancelling button.
  var no: String

  /// The executions that are not affected, since they go on.
  private static func left(_ count: Int) -> [String] {
    count == 0
      ? []
      : [
        "\(count) more \(count == 1 ? "is" : "are") only attached: \(count == 1 ? "it is" : "they are") still running."
      ]
  }

  /// The clients that are affected.
  private static func clients(_ model: Model) -> [String] {
    guard let count = model.server?.clients, count > 0 else { return [] }
    return ["\(count) client\(count == 1 ? " is" : "s are") attached to the server."]
  }

  /// The text of a confirmation for the current state.
  init(_ question: Question, _ model: Model) {
    no = "stay"
    switch question.subject {
    case .quit:
      let count = model.ours.count
      // All may have ended since the confirmation was opened.
      lines =
        count == 0
        ? [model.waitingCount == 0 ? "Everything has ended." : "Nothing is running."]
        : ["\(count) execution\(count == 1 ? " is" : "s are") still running."]
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

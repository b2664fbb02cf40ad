import Cells
import ExecModel

/// What there is to know of an execution besides its output: what was asked for, where, and for whom.
struct DetailsPage: Hashable, Sendable {
  /// A name and a value; the name is empty where the value goes on.
  struct Line: Hashable, Sendable {
    /// What it is.
    var name: String
    /// What it is here; text that others wrote.
    var value: String
  }

  /// The widest name.
  static let nameWidth = 9

  /// Characters of a value that are shown: a command may have a mebibyte.
  private static let longest = 4096

  /// The lines.
  private(set) var lines: [Line] = []
  private let valueWidth: Int

  /// The page of an execution in its dialog; what it has not is left out, and what is too wide goes on in the next line.
  init(_ row: ExecutionRow, in model: Model) {
    valueWidth = DialogFrame(helpOf: model, lines: 1).inner.width - Self.nameWidth - 4
    let spec = row.spec
    add("name", spec.name)
    add("command", CommandWords.joined(spec.command))
    add("box", spec.clientBox == nil ? row.box : "\(row.boxTitle), a client's; it runs in \(row.box)")
    add("user", spec.user)
    add("directory", spec.workingDirectory)
    for variable in spec.environment { add("variable", variable.name + "=" + variable.value) }
    add("limit", spec.timeLimit?.boxwatchText)
    if let client = spec.clientBox { add(client) }
    add("process", row.processIdentifier.map(String.init))
    add("execution", row.id.description)
  }

  private mutating func add(_ client: ClientBox) {
    add("box's id", client.id)
    add("image", client.image)
    for (name, value) in client.labels.sorted(by: { $0.key < $1.key }) { add("label", "\(name)=\(value)") }
  }

  private mutating func add(_ name: String, _ value: String?) {
    guard let value, !value.isEmpty else { return }
    let name = lines.last { !$0.name.isEmpty }?.name == name ? "" : name
    for (index, piece) in pieces(value).enumerated() {
      lines.append(Line(name: index == 0 ? name : "", value: piece))
    }
  }

  private func pieces(_ value: String) -> [String] {
    var pieces = [""]
    var used = 0
    for character in value.count > Self.longest ? value.prefix(Self.longest) + "…" : value[...] {
      let columns = TextWidth.columns(of: String(character))
      if used + columns > valueWidth, used > 0 {
        pieces.append("")
        used = 0
      }
      pieces[pieces.count - 1].append(character)
      used += columns
    }
    return pieces
  }
}

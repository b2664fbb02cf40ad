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

  /// The lines.
  private(set) var lines: [Line] = []

  /// The page of an execution; what it has not is left out.
  init(_ row: ExecutionRow) {
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
    lines.append(Line(name: lines.last { !$0.name.isEmpty }?.name == name ? "" : name, value: value))
  }
}

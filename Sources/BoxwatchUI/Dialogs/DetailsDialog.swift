import Cells
import ExecModel

/// The details of an execution besides its output: the command, the box, and the client.
struct DetailsPage: Hashable, Sendable {
  /// A name and a value; the name is empty in a continuation line.
  struct Line: Hashable, Sendable {
    /// The name.
    var name: String
    /// The value; untrusted text.
    var value: String
  }

  /// The width of the widest name.
  static let nameWidth = 9

  /// The maximum number of characters shown of a value: a command may have a mebibyte.
  private static let longest = 4096

  /// The lines.
  private(set) var lines: [Line] = []
  private let valueWidth: Int

  /// The details page of an execution; absent values are left out, and wide ones continue in the
  /// next line.
  init(_ row: ExecutionRow, in model: Model) {
    valueWidth = DialogFrame(helpOf: model, lines: 1).inner.width - Self.nameWidth - 4
    let spec = row.spec
    add("name", spec.name)
    add("command", CommandWords.joined(spec.command))
    add("box", spec.clientBox == nil ? row.box : "\(row.boxTitle), started by a client; it runs in \(row.box)")
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

extension ExecutionRow {
  /// A stream's text as it is split for the screen, including the boundaries at gaps.
  func source(_ stream: ExecStream, _ text: TextLookup) -> (any TextSource)? {
    guard let source = text(id, stream) else { return nil }
    let offsets = gaps.filter { $0.stream == stream }.map(\.offset)
    return offsets.isEmpty ? source : GappedText(source, gaps: Set(offsets))
  }

  /// The gaps of a stream by offset, without duplicate reasons at one offset.
  func gaps(_ stream: ExecStream) -> [UInt64: [OutputGap]] {
    gaps.filter { $0.stream == stream }.reduce(into: [:]) { found, gap in
      if found[gap.offset]?.contains(gap.gap) != true { found[gap.offset, default: []].append(gap.gap) }
    }
  }

  /// The most severe reason why a stream may be incomplete, if its gaps have one.
  func reason(_ streams: StreamSet) -> OutputGap? {
    gaps.filter { streams.contains($0.stream) }.map(\.gap).max { $0.weight < $1.weight }
  }
}

/// The lines of the help page, created from the keymap: a heading per scope, a line per binding.
enum HelpPage {
  /// One line.
  enum Line: Hashable, Sendable {
    /// A scope's heading.
    case heading(String)
    /// Keys and their description.
    case binding(keys: String, help: String)
  }

  /// All lines except the race lab's, which has its own help page; the bindings of the digits are
  /// one line.
  static func lines(_ keymap: Keymap) -> [Line] {
    var lines: [Line] = []
    for scope in Scope.allCases where !Scope.ofLab.contains(scope) {
      let bindings = keymap.bindings.filter { $0.scope == scope }
      if !bindings.isEmpty { lines.append(.heading(scope.title)) }
      for binding in bindings { append(binding, to: &lines) }
    }
    return lines
  }

  private static func append(_ binding: Binding, to lines: inout [Line]) {
    if case .select(let number) = binding.command {
      if number == 1 { lines.append(.binding(keys: "1-9", help: "select the execution of that number")) }
      return
    }
    let keys = binding.keys.map(\.label).joined(separator: " ")
    lines.append(.binding(keys: keys, help: binding.help))
  }
}

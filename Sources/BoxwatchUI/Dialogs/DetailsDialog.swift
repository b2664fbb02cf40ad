import Cells
import ExecModel
import Widgets

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
    valueWidth = HelpDialog.frame(model.display, lines: 1).inner.width - Self.nameWidth - 4
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

/// The dialog with the details of an execution.
public struct DetailsDialog: Hashable, Sendable {
  /// The execution.
  let id: ExecutionID
  private var page = Page()

  /// Creates the dialog, at its first line.
  init(_ id: ExecutionID) { self.id = id }
}

extension DetailsDialog: DialogContent {
  var dialog: Dialog { .details(self) }

  func hints(_ keymap: Keymap) -> [KeyHint] { keymap.page.hints() }

  mutating func handle(_ key: Key, in model: inout Model, _ text: TextLookup) -> DialogStep {
    let (lines, height) = size(in: model)
    return page.handle(key, lines: lines, height: height) ? .stay : .close()
  }

  mutating func handle(_ event: MouseEvent, in model: inout Model) -> DialogStep {
    let (lines, height) = size(in: model)
    page.wheel(event.action, lines: lines, height: height)
    return .stay
  }

  private func size(in model: Model) -> (lines: Int, height: Int) {
    let lines = model.row(id).map { DetailsPage($0, in: model).lines.count } ?? 0
    return (lines, HelpDialog.frame(model.display, lines: lines).inner.height)
  }

  func paint(on painter: inout Painter) {
    guard let row = painter.model.row(id) else { return }
    let lines = DetailsPage(row, in: painter.model).lines
    let frame = HelpDialog.frame(painter.display, lines: lines.count)
    painter.paintBox(frame, "execution \(row.number)")
    let inner = frame.inner
    let first = page.first(of: lines.count, height: inner.height)
    for (offset, line) in lines.dropFirst(first).prefix(inner.height).enumerated() {
      let row = inner.row + offset
      painter.write([(line.name, .helpKey)], on: .dialog, row: row, column: inner.column + 1, within: inner)
      let column = inner.column + DetailsPage.nameWidth + 3
      let room = Rect(row: row, column: column, height: 1, width: max(0, inner.right - 1 - column))
      painter.write([(line.value, .helpText)], on: .dialog, row: row, column: column, within: room)
    }
  }
}

/// The list of boxes for the start prompt: arrows choose, typing narrows it down or names one that is not listed.
public struct BoxPicker: Hashable, Sendable {
  /// Most characters that narrow the list down.
  static let queryLimit = 200

  /// The prompt that waits behind.
  public var prompt: StartPrompt
  /// What was typed.
  public private(set) var query = ""
  /// The chosen box, which stays chosen when others come and go.
  public private(set) var chosen: String
  /// Whether more may be found.
  public var isListing = true
  /// Whether the reasons for what is missing are shown.
  public var explains = false

  /// A list that stands at the prompt's box.
  public init(_ prompt: StartPrompt) {
    self.prompt = prompt
    chosen = prompt.box
  }

  /// The boxes that fit what was typed.
  public func shown(of boxes: [BoxChoice]) -> [BoxChoice] { boxes.filter { $0.fits(query) } }

  /// The chosen box's index among those shown; 0 when it is not among them.
  public func index(in shown: [BoxChoice]) -> Int { shown.firstIndex { $0.name == chosen } ?? 0 }

  /// Chooses by the index among those shown, as near as there is one.
  mutating func choose(_ index: Int, in shown: [BoxChoice]) {
    guard !shown.isEmpty else { return }
    chosen = shown[min(max(0, index), shown.count - 1)].name
  }

  /// Narrows the list down.
  mutating func type(_ text: String) {
    query = String((query + text.map { $0.isNewline ? " " : $0 }).prefix(Self.queryLimit))
  }

  /// Takes back the last typed character, or all of them.
  mutating func untype(all: Bool = false) { query = all ? "" : String(query.dropLast()) }
}

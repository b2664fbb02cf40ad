/// The command being typed for the holding page.
public struct HoldPrompt: Hashable, Sendable {
  /// The line.
  public internal(set) var editor: LineEditor
  /// Why the last attempt was refused.
  public internal(set) var problem: String?

  /// A prompt that starts with a text.
  init(_ text: String) { editor = LineEditor(text) }

  /// Puts the next preset into the line; the first when it holds none.
  mutating func nextPreset() {
    let presets = HoldModel.presets
    let index = presets.firstIndex(of: editor.text).map { ($0 + 1) % presets.count } ?? 0
    self = HoldPrompt(presets[index])
  }
}

/// What a run without a screen writes.
enum HeadlessFormat: Hashable, Sendable {
  /// The streams' bytes, untouched.
  case bytes
  /// Lines with prefixes.
  case lines(tag: Bool, timestamps: Bool)
  /// One JSON object for each event.
  case json
}

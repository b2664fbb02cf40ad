/// A box that somebody could choose, as the list of boxes tells of it.
struct FoundBox: Hashable, Sendable {
  /// What `--box` takes.
  var name: String
  /// What it is, in one or two words: `built in`, `command`, `sandbox`, `kept`, `container`, `image`.
  var kind: String
  /// One line about it.
  var detail: String
  /// Why it cannot be used now and what to do, in one sentence; nil when it can.
  var problem: String?
}

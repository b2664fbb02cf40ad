/// What a catalogue found.
public struct JournalListing: Hashable, Sendable {
  /// The journals that can be read, newest first.
  public var entries: [JournalEntry]
  /// Why other folders were left out, in the order of their names.
  public var skipped: [JournalError]

  /// Makes a listing.
  public init(entries: [JournalEntry] = [], skipped: [JournalError] = []) {
    self.entries = entries
    self.skipped = skipped
  }
}

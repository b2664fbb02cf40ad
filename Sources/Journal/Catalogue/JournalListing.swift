public import ExecModel
public import SystemPackage

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

/// One journal of a catalogue: what a list shows without reading output.
public struct JournalEntry: Hashable, Sendable {
  /// The journal's folder.
  public var directory: FilePath
  /// Whose journal it is.
  public var identity: JournalIdentity
  /// What was to be run.
  public var spec: ExecutionSpec
  /// Where it stands.
  public var state: JournalState
  /// Bytes its files take on the disk, holes not counted.
  public var diskBytes: UInt64

  /// Makes an entry.
  public init(
    directory: FilePath, identity: JournalIdentity, spec: ExecutionSpec, state: JournalState, diskBytes: UInt64
  ) {
    self.directory = directory
    self.identity = identity
    self.spec = spec
    self.state = state
    self.diskBytes = diskBytes
  }
}

/// How much of the past is kept: how many journals, and how many bytes of disk.
public struct Retention: Hashable, Sendable {
  /// The most journals to keep, running ones included.
  public var count: Int
  /// The most bytes of disk that all journals together may take, running ones included.
  public var bytes: UInt64

  /// Makes a retention.
  public init(count: Int, bytes: UInt64) {
    self.count = count
    self.bytes = bytes
  }

  /// What must go: the oldest first, and never one that runs, so that what stays may still be too much.
  public func victims(of entries: [JournalEntry]) -> [JournalEntry] {
    var count = entries.count
    var bytes = entries.reduce(UInt64(0)) { $0 &+ $1.diskBytes }
    var victims: [JournalEntry] = []
    for entry in entries.filter(\.isOver).sorted(by: Self.isOlder) where count > self.count || bytes > self.bytes {
      victims.append(entry)
      count -= 1
      bytes &-= entry.diskBytes
    }
    return victims
  }

  private static func isOlder(_ left: JournalEntry, _ right: JournalEntry) -> Bool {
    (left.identity.created, left.identity.id) < (right.identity.created, right.identity.id)
  }
}

extension JournalEntry {
  /// Whether nobody writes it any more.
  var isOver: Bool {
    switch state {
    case .running: false
    case .finished, .interrupted: true
    }
  }
}

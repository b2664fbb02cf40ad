/// The sources of one loop by the token that epoll carries for them.
///
/// A token is never used twice, so that an event of the same batch cannot reach the successor of a removed source.
struct SourceTable {
  private struct Entry {
    var generation: UInt32
    var source: (any PumpSource)?
  }

  private var entries: [Entry] = []
  private var free: [Int] = []

  /// Adds a source; the token is never 0.
  mutating func insert(_ source: any PumpSource) -> UInt64 {
    let index = free.popLast() ?? entries.count
    if index == entries.count { entries.append(Entry(generation: 0, source: nil)) }
    entries[index].generation &+= 1
    if entries[index].generation == 0 { entries[index].generation = 1 }
    entries[index].source = source
    return UInt64(entries[index].generation) << 32 | UInt64(UInt32(truncatingIfNeeded: index))
  }

  /// Forgets a source; an unknown token does nothing.
  mutating func remove(_ token: UInt64) {
    guard let index = index(of: token) else { return }
    entries[index].source = nil
    free.append(index)
  }

  /// The source behind a token, nil when it was removed.
  subscript(token: UInt64) -> (any PumpSource)? { index(of: token).flatMap { entries[$0].source } }

  private func index(of token: UInt64) -> Int? {
    let index = Int(token & 0xFFFF_FFFF)
    guard index < entries.count, entries[index].generation == UInt32(token >> 32) else { return nil }
    return entries[index].source == nil ? nil : index
  }
}

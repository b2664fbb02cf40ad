/// Remembers names, the newest of them: what is asked about is never long ago.
struct RecentNames: Sendable {
  private static let most = 4096

  private var names: Set<String> = []
  private var order: [String] = []

  /// Remembers a name; false when it was known.
  mutating func insert(_ name: String) -> Bool {
    guard names.insert(name).inserted else { return false }
    order.append(name)
    if order.count > 2 * Self.most {
      names.subtract(order.prefix(Self.most))
      order.removeFirst(Self.most)
    }
    return true
  }

  func contains(_ name: String) -> Bool { names.contains(name) }
}

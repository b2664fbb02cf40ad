/// The key that clients must show, compared without telling by time how much of it was right.
struct AccessKey: Sendable {
  private let key: [UInt8]

  init(_ key: String) { self.key = Array(key.utf8) }

  /// Whether an `Authorization` header carries the key: `Bearer KEY`, the first word in any case.
  func accepts(_ header: String?) -> Bool {
    guard let header, header.utf8.count > 7, header.prefix(7).lowercased() == "bearer " else { return false }
    return matches(Array(header.utf8.dropFirst(7)))
  }

  /// Takes as long for a wrong first byte as for a wrong last one; only the offered text's length shows.
  private func matches(_ offered: [UInt8]) -> Bool {
    var difference = offered.count ^ key.count
    for (index, byte) in offered.enumerated() {
      difference |= Int(byte ^ (key.isEmpty ? 0 : key[index % key.count]))
    }
    return difference == 0
  }
}

import ExecModel

/// The last bytes of a text, in few enough to be copied for every reader of it.
struct TextTail {
  private static let most = 2048

  private var bytes: [UInt8] = []

  /// Adds what came; of a large chunk only its end is looked at.
  mutating func append(_ chunk: ArraySlice<UInt8>) {
    bytes += chunk.suffix(Self.most)
    if bytes.count > Self.most { bytes.removeFirst(bytes.count - Self.most) }
  }

  /// The last lines, oldest first, each cut to what a screen may show.
  func lines(_ count: Int) -> [String] {
    let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
    guard !bytes.isEmpty else { return [] }
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).suffix(count)
    return lines.map { String(decoding: $0.prefix(300), as: UTF8.self) }
  }
}

/// The words with which Podman ends an output that it could not read to its end.
///
/// When a command ends and has not read all of its input, conmon closes a socket that still holds it; the kernel then
/// resets the other end (unix(7)), and output that waited there is gone. Podman writes its own error behind what it had
/// (`Error: read unixpacket @->/proc/self/fd/13/attach: read: connection reset by peer`, 4.3.1), and nothing else tells.
enum EngineCut {
  /// Bytes that the words have, at most.
  static let longest = 160

  private static let (start, end) = ("Error: read unixpacket ", "/attach: read: connection reset by peer")

  /// Whether an output that ends so was cut.
  static func ends(_ tail: [UInt8]) -> Bool {
    let lines = String(decoding: tail, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let line = lines.last, let place = line.range(of: start) else { return false }
    return line[place.upperBound...].hasSuffix(end)
  }
}

extension Substring {
  /// Where a text is found first.
  fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}

public import ExecModel

/// A file or folder of the host that a sandbox shows, writable or not.
public struct SandboxBind: Hashable, Sendable, Codable {
  /// Where it is on the host, absolute.
  public let source: String
  /// Where the sandbox shows it, absolute.
  public let target: String
  /// Whether it can only be read.
  public let isReadOnly: Bool

  /// Reads `HOST` or `HOST:BOX`; the last colon that a slash follows parts the two.
  ///
  /// A relative HOST starts in this process's directory.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for an empty HOST, a BOX that is not absolute, and for the root.
  public init(text: String, isReadOnly: Bool) throws(TextValueError) {
    let (host, box) = Self.parts(of: text)
    guard !host.isEmpty else { throw TextValueError("'\(text)' names nothing to show: write HOST or HOST:BOX") }
    guard !text.utf8.contains(0) else { throw TextValueError("a path holds a NUL byte: remove it") }
    source = HostPath.clean(host.hasPrefix("/") ? host : (HostPath.current ?? "") + "/" + host)
    target = box.map(HostPath.clean) ?? source
    guard target != "/" else {
      throw TextValueError("'\(text)' would replace the sandbox's whole tree: name a folder in it")
    }
    self.isReadOnly = isReadOnly
  }

  /// Makes one of clean paths.
  init(source: String, target: String, isReadOnly: Bool) {
    self.source = source
    self.target = target
    self.isReadOnly = isReadOnly
  }

  private static func parts(of text: String) -> (host: String, box: String?) {
    let bytes = Array(text.utf8)
    for index in bytes.indices.dropLast().reversed()
    where bytes[index] == UInt8(ascii: ":") && bytes[index + 1] == UInt8(ascii: "/") {
      return (String(decoding: bytes[..<index], as: UTF8.self), String(decoding: bytes[(index + 1)...], as: UTF8.self))
    }
    return (text, nil)
  }

  /// Where a path of the sandbox lies on the host.
  func hostPath(of path: String) -> String { source + path.dropFirst(target.count) }

  /// bubblewrap's words for it.
  var words: [String] { [isReadOnly ? "--ro-bind" : "--bind", source, target] }
}

import Glibc
import SystemPackage

/// The small files through which the kernel is asked and told.
enum CgroupFile {
  /// Writes a value in one call, as the kernel wants it; 0 or an error number.
  static func write(_ text: String, to path: String) -> Int32 {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return errno }
    defer { close(file) }
    var text = text
    return text.withUTF8 { Glibc.write(file, $0.baseAddress, $0.count) < 0 ? errno : 0 }
  }

  /// The file's text, at most 64 KiB or `limit` and a part of a page; nil when it cannot be read.
  static func read(_ path: String, atMost limit: Int = 64 << 10) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count < limit {
      let count = Glibc.read(file, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The file's words.
  static func words(_ path: String) -> [Substring] {
    (read(path) ?? "").split(whereSeparator: { $0 == " " || $0 == "\n" })
  }

  /// The file's only number.
  static func number(_ path: String) -> UInt64? { words(path).first.flatMap { UInt64($0) } }

  /// An error number's words.
  static func words(of error: Int32) -> String { Errno(rawValue: error).description }
}

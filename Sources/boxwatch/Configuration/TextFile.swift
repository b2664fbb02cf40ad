import SystemPackage

/// A small file that a person wrote.
enum TextFile {
  /// More than anybody writes by hand, in bytes.
  static let largest = 1 << 20

  /// The file's text; nil when there is no such file.
  ///
  /// - Throws: ``Failure`` that names the file, when it cannot be read, is too large or is not UTF-8.
  static func read(_ path: FilePath) throws -> String? {
    let bytes: [UInt8]
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
      bytes = try file.closeAfter { try readAll(file, path) }
    } catch Errno.noSuchFileOrDirectory {
      return nil
    } catch let error as Errno {
      throw Failure("\(path): \(Failure.words(error.rawValue))")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure("\(path): this is not UTF-8 text") }
    return text
  }

  private static func readAll(_ file: FileDescriptor, _ path: FilePath) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= largest else { throw Failure("\(path): larger than 1 MiB, this is no such file") }
    }
  }
}

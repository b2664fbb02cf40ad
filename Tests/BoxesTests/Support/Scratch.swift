import Glibc

/// A folder for one test's files, outside `/tmp`, which a sandbox does not show; removed with its owner.
final class Scratch: Sendable {
  let path: String

  init() throws {
    var template = Array("/var/tmp/boxes-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw ScratchError(number: errno) }
    path = String(cString: made)
  }

  deinit {
    for name in names { remove(path + "/" + name) }
    rmdir(path)
  }

  private var names: [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 256) { names.append(String(cString: $0)) }
      }
    }
    return names.filter { $0 != "." && $0 != ".." }
  }

  /// Writes a file and returns its path.
  @discardableResult
  func file(_ name: String, _ text: String, mode: mode_t = 0o644) throws -> String {
    let full = path + "/" + name
    let descriptor = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw ScratchError(number: errno) }
    let bytes = Array(text.utf8)
    let count = write(descriptor, bytes, bytes.count)
    close(descriptor)
    guard count == bytes.count, chmod(full, mode) == 0 else { throw ScratchError(number: errno) }
    return full
  }
}

/// A file of a test could not be made.
struct ScratchError: Error {
  let number: Int32
}

/// Strings as execve(2) takes them: one block of NUL-terminated strings, and where each begins.
struct CStringList: Sendable {
  private var bytes: [CChar] = []
  private var offsets: [Int] = []

  /// Makes a list; a string with a NUL in it would be cut there, so check before.
  init(_ strings: [String] = []) {
    for string in strings { append(string) }
  }

  /// How many strings there are.
  var count: Int { offsets.count }

  /// Adds a string.
  mutating func append(_ string: String) {
    offsets.append(bytes.count)
    bytes.append(contentsOf: string.utf8.lazy.map { CChar(bitPattern: $0) })
    bytes.append(0)
  }

  /// Adds a C string byte for byte, also one that is not UTF-8.
  mutating func append(_ string: UnsafePointer<CChar>) {
    offsets.append(bytes.count)
    var next = string
    while next.pointee != 0 {
      bytes.append(next.pointee)
      next += 1
    }
    bytes.append(0)
  }

  /// The bytes of one string without its NUL.
  subscript(index: Int) -> ArraySlice<CChar> {
    let end = index + 1 < offsets.count ? offsets[index + 1] : bytes.count
    return bytes[offsets[index]..<(end - 1)]
  }

  /// Adds one of another list's strings.
  mutating func append(_ string: ArraySlice<CChar>) {
    offsets.append(bytes.count)
    bytes.append(contentsOf: string)
    bytes.append(0)
  }

  /// Lends the strings as an array of pointers that NULL ends.
  func withPointers<Result>(_ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { bytes in
      var pointers = offsets.map { offset in bytes.baseAddress.map { UnsafeMutablePointer(mutating: $0 + offset) } }
      pointers.append(nil)
      return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
  }
}

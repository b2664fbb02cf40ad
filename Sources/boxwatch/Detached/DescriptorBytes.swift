import SystemPackage

/// Everything that a descriptor brings.
enum DescriptorBytes {
  /// Reads to the end.
  ///
  /// - Throws: `Errno`.
  static func readAll(_ descriptor: FileDescriptor) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}

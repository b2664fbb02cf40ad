public import SystemPackage

/// How much of a chunk went to the disk.
public struct StoreResult: Hashable, Sendable {
  /// Bytes that are in the stream's file now, from the chunk's start on.
  public var taken: Int
  /// Newlines among the bytes taken.
  public var newlines: UInt64
  /// Why the rest was not taken; nil when all was.
  public var error: Errno?

  /// Makes a result.
  public init(taken: Int, newlines: UInt64, error: Errno?) {
    self.taken = taken
    self.newlines = newlines
    self.error = error
  }
}

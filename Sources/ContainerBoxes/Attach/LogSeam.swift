/// How far one stream of a log was handed on, and whether a later reading of the log begins with the same bytes.
///
/// Engines that follow a log leave lines out: at the end (Docker), or anywhere (Podman). Only a reading from the
/// beginning is whole; what is known of it is left out. A log that was rotated meanwhile begins with other bytes.
struct LogSeam: Hashable, Sendable {
  /// What is to be done with the next bytes of a reading.
  enum Step: Hashable, Sendable {
    /// So many were handed on before.
    case known(Int)
    /// These are new.
    case new
    /// The log does not begin as it did: nothing can be told of what follows.
    case strange
  }

  private var count: UInt64 = 0
  private var hash = Self.start
  private var checked: UInt64 = 0
  private var check = Self.start

  // FNV-1a, 64 bits: two readings are compared, and no adversary gains by making them differ unseen.
  private static let start: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let prime: UInt64 = 0x100_0000_01B3

  private static func fold(_ hash: UInt64, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
    bytes.reduce(hash) { ($0 ^ UInt64($1)) &* prime }
  }

  /// Notes that the log is read from its beginning again.
  mutating func restart() { (checked, check) = (0, Self.start) }

  /// Looks at the next bytes of a reading.
  mutating func step(_ bytes: UnsafeRawBufferPointer) -> Step {
    guard checked < count else { return check == hash ? .new : .strange }
    let known = Int(min(UInt64(bytes.count), count - checked))
    check = Self.fold(check, UnsafeRawBufferPointer(rebasing: bytes[..<known]))
    checked += UInt64(known)
    return .known(known)
  }

  /// Notes new bytes of this reading that were handed on.
  mutating func handedOn(_ bytes: UnsafeRawBufferPointer) {
    count &+= UInt64(bytes.count)
    hash = Self.fold(hash, bytes)
    (checked, check) = (count, hash)
  }

  /// Whether this reading brought all that earlier ones did, byte for byte.
  var isProven: Bool { checked == count && check == hash }
}

import Glibc

/// A descriptor that can be kept in a list, closed with its last owner.
final class OwnedFile: Sendable {
  let raw: Int32

  /// Takes over a descriptor.
  init(_ raw: Int32) { self.raw = raw }

  deinit { close(raw) }
}

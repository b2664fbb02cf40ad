import Glibc

/// A descriptor with one owner: closed when the owner is gone, unless it was handed on.
struct OwnedDescriptor: ~Copyable {
  /// The number.
  let raw: Int32

  /// Takes over a descriptor.
  init(_ raw: Int32) { self.raw = raw }

  deinit { close(raw) }

  /// Hands the descriptor on.
  consuming func take() -> Int32 {
    let raw = raw
    discard self
    return raw
  }
}

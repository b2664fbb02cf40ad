import CExecShims
import Glibc

/// A moment that means the same to every process of a machine until it is started again.
struct BootMoment: Hashable, Sendable {
  /// Nanoseconds since the machine began, suspended time included (CLOCK_BOOTTIME): what the kernel counts a process's
  /// start in, too.
  let time: UInt64
  /// Which start of the machine it was (`/proc/sys/kernel/random/boot_id`, random(4)); zeros when that is not known.
  let boot: BootIdentifier

  /// Now.
  static var now: BootMoment { BootMoment(time: cexec_clock(CLOCK_BOOTTIME), boot: BootIdentifier.current) }
}

/// The number of one start of the machine.
struct BootIdentifier: Hashable, Sendable {
  let high: UInt64
  let low: UInt64

  /// This one; read once.
  static let current = read() ?? BootIdentifier(high: 0, low: 0)

  /// Whether it is known at all.
  var isKnown: Bool { high != 0 || low != 0 }

  private static func read() -> BootIdentifier? {
    guard let file = try? Descriptor.open("/proc/sys/kernel/random/boot_id", in: AT_FDCWD, flags: O_RDONLY) else {
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = bytes.withUnsafeMutableBytes { (try? FileCalls.read(file.raw, at: 0, into: $0)) ?? 0 }
    let digits = String(decoding: bytes[..<count].filter { $0 > 32 && $0 != UInt8(ascii: "-") }, as: UTF8.self)
    guard digits.utf8.count == 32, let high = UInt64(digits.prefix(16), radix: 16),
      let low = UInt64(digits.dropFirst(16), radix: 16)
    else { return nil }
    return BootIdentifier(high: high, low: low)
  }
}

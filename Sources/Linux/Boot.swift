import Glibc

/// Time since boot, including suspended time (`CLOCK_BOOTTIME`, clock_gettime(2)).
///
/// The kernel's clock of process start times; the same in all processes until the machine reboots.
package enum BootClock {
  /// Nanoseconds since boot.
  package static var now: UInt64 { nanoseconds(of: CLOCK_BOOTTIME) }

  /// Nanoseconds in a clock tick, the unit of the times in `/proc/PID/stat` (`_SC_CLK_TCK`, sysconf(3)).
  package static let tick: UInt64 = 1_000_000_000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
}

/// The identifier of one boot of the machine (`/proc/sys/kernel/random/boot_id`, proc_sys_kernel_random(5)).
package struct BootIdentifier: Hashable, Sendable {
  /// The first 64 bits.
  package let high: UInt64
  /// The last 64 bits.
  package let low: UInt64

  /// An identifier that was recorded; zeros when it was not known.
  package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  /// That of the current boot; read once.
  package static let current = BootIdentifier(text: currentText) ?? BootIdentifier(high: 0, low: 0)

  /// That of the current boot as the kernel writes it, with hyphens; empty when it is not available.
  package static let currentText = read()

  /// Whether the identifier is known.
  package var isKnown: Bool { high != 0 || low != 0 }

  private init?(text: String) {
    let digits = text.filter { $0 != "-" }
    guard digits.utf8.count == 32, let high = UInt64(digits.prefix(16), radix: 16),
      let low = UInt64(digits.dropFirst(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  private static func read() -> String {
    guard let file = try? Descriptor.open("/proc/sys/kernel/random/boot_id", flags: O_RDONLY) else { return "" }
    defer { withExtendedLifetime(file) {} }
    let bytes = [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
      count = (try? FileCalls.read(file.raw, at: 0, into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
    }
    return String(decoding: bytes.filter { $0 > 32 && $0 < 127 }, as: UTF8.self)
  }
}

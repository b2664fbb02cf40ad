import ExecModel
import Glibc
import Synchronization

/// Makes identifiers that sort by start time and do not meet those of another process.
struct ExecutionNamer: ~Copyable {
  private let count = Atomic<UInt32>(0)
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// An identifier of the form `20261124-055827-412345-k3f9x-1`: UTC time to the microsecond, chance, and a count within
  /// the process.
  func next() -> ExecutionID {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var parts = tm()
    gmtime_r(&now.tv_sec, &parts)
    let date = [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday].map(Self.twoDigits).joined()
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(Self.twoDigits).joined()
    let chance = (0..<5).compactMap { _ in Self.digits.randomElement() }
    let serial = count.add(1, ordering: .relaxed).newValue
    let fraction = String(String(1_000_000 + now.tv_nsec / 1000).dropFirst())
    return ExecutionID(checked: "\(date)-\(clock)-\(fraction)-\(String(decoding: chance, as: UTF8.self))-\(serial)")
  }

  private static func twoDigits(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

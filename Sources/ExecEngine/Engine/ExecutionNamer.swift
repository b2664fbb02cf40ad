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
    let now = WallClock.now
    let parts = WallClock.utc(now)
    let date = [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday].map { WallClock.pad($0) }.joined()
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { WallClock.pad($0) }.joined()
    let chance = (0..<5).compactMap { _ in Self.digits.randomElement() }
    let serial = count.add(1, ordering: .relaxed).newValue
    let fraction = WallClock.microseconds(now)
    return ExecutionID(checked: "\(date)-\(clock)-\(fraction)-\(String(decoding: chance, as: UTF8.self))-\(serial)")
  }
}

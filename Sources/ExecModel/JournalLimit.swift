/// How much of one execution's output is kept on disk.
public enum JournalLimit: Hashable, Sendable, Codable {
  /// Everything: nothing is ever evicted.
  case all
  /// At most this many bytes; the oldest are evicted, and the gap is shown.
  case bytes(UInt64)

  /// What `--keep` means when nobody says anything: 4 GiB.
  public static let standard = JournalLimit.bytes(4 << 30)
  /// The smallest cap: below it one read of a pipe would not fit.
  public static let smallest: UInt64 = 4 << 20

  /// Reads `all`, or a size such as `512M` or `4G` (powers of 1024), at least 4M.
  ///
  /// - Throws: ``TextValueError`` for anything else.
  public init(text: String) throws(TextValueError) {
    guard text != "all" else {
      self = .all
      return
    }
    let shifts: [Character: UInt64] = ["K": 10, "M": 20, "G": 30, "T": 40, "k": 10, "m": 20, "g": 30, "t": 40]
    guard let last = text.last, let shift = shifts[last], let count = UInt64(text.dropLast()), count < 1 << 20
    else { throw TextValueError("'\(text)' is no size: write 512M, 4G or all") }
    guard count << shift >= Self.smallest else { throw TextValueError("'\(text)' is too small: keep at least 4M") }
    self = .bytes(count << shift)
  }
}

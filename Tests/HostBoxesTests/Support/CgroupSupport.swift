@testable import HostBoxes

/// Whether limits can be set on this machine.
enum CgroupSupport {
  /// Why not; nil when they can.
  static let problem: String? = {
    do throws(CgroupRefusal) {
      let lease = try CgroupLease(BoxLimits(memory: 64 << 20, milliProcessors: 1000, processes: 50))
      lease.end()
      return nil
    } catch {
      return error.reason
    }
  }()
}

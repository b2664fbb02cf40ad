import ExecEngine
import ExecModel
import Glibc
import Testing

@testable import HostBoxes

/// Groups made in folders that stand for the kernel's, and refused with the reason.
@Suite
struct CgroupMakerTests {
  /// A folder as version 2 has it: controllers there are, and those that groups below may have.
  private static func two(_ scratch: Scratch, controllers: String, enabled: String) throws -> CgroupTable {
    try scratch.file("cgroup.controllers", controllers)
    try scratch.file("cgroup.subtree_control", enabled)
    return CgroupTable(
      mounts: "1 2 0:1 / \(scratch.path) rw - cgroup2 cgroup2 rw", membership: "0::/\n")
  }

  private static func refusal(_ table: CgroupTable, _ limits: BoxLimits) -> String? {
    do {
      _ = try CgroupMaker(table: table).make("new", limits)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test
  func `without control groups a box without limits has none, and limits are refused`() throws {
    let none = CgroupTable(mounts: "", membership: "")
    #expect(try CgroupMaker(table: none).make("new", BoxLimits()).folders.isEmpty)
    let reason = Self.refusal(none, BoxLimits(memory: 64 << 20, processes: 5))
    #expect(reason == "this machine has no control groups for memory, pids")
  }

  @Test
  func `a limit whose controller the tree lacks is refused, and names it`() throws {
    let scratch = Scratch()
    let table = try Self.two(scratch, controllers: "cpu hugetlb\n", enabled: "cpu\n")
    let reason = Self.refusal(table, BoxLimits(memory: 64 << 20))
    #expect(reason == "the control groups in '\(scratch.path)' do not have the controller memory")
    #expect(access(scratch.path + "/new", F_OK) != 0)
  }

  @Test
  func `a refused limit leaves no folder of the trees before it`() throws {
    let scratch = Scratch()
    let table = CgroupTable(
      mounts: "1 2 0:1 / \(scratch.path) rw - cgroup cgroup rw,cpu", membership: "1:cpu:/\n")
    #expect(Self.refusal(table, BoxLimits(memory: 64 << 20))?.contains("memory") == true)
    #expect(access(scratch.path + "/new", F_OK) != 0)
  }

  @Test
  func `a folder that cannot be made is named`() {
    let table = CgroupTable(
      mounts: "1 2 0:1 / /proc rw - cgroup cgroup rw,memory", membership: "1:memory:/\n")
    #expect(Self.refusal(table, BoxLimits(memory: 64 << 20))?.contains("'/proc/new'") == true)
    #expect(Self.refusal(table, BoxLimits()) == nil, "without limits it is done without")
  }
}

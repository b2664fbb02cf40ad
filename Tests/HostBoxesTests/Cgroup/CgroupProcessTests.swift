import ExecEngine
import Glibc
import Testing

@testable import HostBoxes

/// The groups of a process that boxwatch did not start, in folders that stand for the kernel's.
@Suite
struct CgroupProcessTests {
  private static func folder(_ scratch: Scratch, _ name: String, _ files: [String: String]) throws {
    mkdir(scratch.path + "/" + name, 0o755)
    for (file, text) in files { try scratch.file(name + "/" + file, text) }
  }

  @Test
  func `with version 2 alone its files report everything`() throws {
    let scratch = Scratch()
    try Self.folder(
      scratch, "box",
      [
        "cgroup.controllers": "cpu memory pids\n", "memory.current": "4096\n", "pids.current": "3\n",
        "cpu.stat": "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n", "cgroup.procs": "12\n34\n", "cgroup.kill": "",
      ])
    let group = Cgroup(mounts: "1 2 0:1 / \(scratch.path) rw - cgroup2 cgroup2 rw", membership: "0::/box\n")
    #expect(group.folders.map(\.controllers) == [[.cpu, .memory, .pids]])
    #expect(group.usage() == ResourceUsage(memory: 4096, processorNanoseconds: 1_500_000, processes: 3))
    #expect(group.processes() == [12, 34])
    #expect(group.killAll())
    #expect(CgroupFile.read(scratch.path + "/box/cgroup.kill") == "1")
  }

  @Test
  func `with version 1 alone each tree reports its part`() throws {
    let scratch = Scratch()
    for tree in ["memory", "cpuacct"] { mkdir(scratch.path + "/" + tree, 0o755) }
    try Self.folder(scratch, "memory/box", ["memory.usage_in_bytes": "8192\n", "cgroup.procs": "7\n"])
    try Self.folder(scratch, "cpuacct/box", ["cpuacct.usage": "123456\n", "cgroup.procs": "7\n"])
    let group = Cgroup(
      mounts: """
        1 2 0:1 / \(scratch.path)/memory rw - cgroup cgroup rw,memory
        1 2 0:2 / \(scratch.path)/cpuacct rw - cgroup cgroup rw,cpu,cpuacct
        """, membership: "2:memory:/box\n1:cpu,cpuacct:/box\n")
    #expect(group.usage() == ResourceUsage(memory: 8192, processorNanoseconds: 123_456))
    #expect(group.processes() == [7])
  }

  @Test
  func `with both versions each reports what it counts`() throws {
    let scratch = Scratch()
    for tree in ["memory", "unified"] { mkdir(scratch.path + "/" + tree, 0o755) }
    try Self.folder(scratch, "memory/box", ["memory.usage_in_bytes": "8192\n"])
    try Self.folder(
      scratch, "unified/box",
      ["cgroup.controllers": "hugetlb\n", "cpu.stat": "usage_usec 9\n", "cgroup.procs": "5\n"])
    let group = Cgroup(
      mounts: """
        1 2 0:1 / \(scratch.path)/memory rw - cgroup cgroup rw,memory
        1 2 0:2 / \(scratch.path)/unified rw - cgroup2 cgroup2 rw
        """, membership: "2:memory:/box\n0::/box\n")
    #expect(group.usage() == ResourceUsage(memory: 8192, processorNanoseconds: 9000))
    #expect(group.processes() == [5])
  }

  @Test
  func `the root of a tree is no box: it counts the whole machine`() {
    let group = Cgroup(mounts: "1 2 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", membership: "0::/\n")
    #expect(group.folders.isEmpty)
    #expect(group.usage() == ResourceUsage())
  }
}

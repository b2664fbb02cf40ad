import Testing

@testable import HostBoxes

/// Which trees there are, in the kernel's own words from several machines.
@Suite
struct CgroupTableTests {
  @Test
  func `version 2 alone is one tree`() throws {
    let table = CgroupTable(
      mounts: "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
      membership: "0::/user.slice/user-1000.slice/session-2.scope\n")
    let tree = try #require(table.hierarchies.first)
    #expect(table.hierarchies.count == 1)
    #expect(tree.version == .two)
    #expect(tree.own == "/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope")
    #expect(
      tree.parents == [
        "/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope", "/sys/fs/cgroup/user.slice/user-1000.slice",
        "/sys/fs/cgroup/user.slice", "/sys/fs/cgroup",
      ])
  }

  @Test
  func `version 1 has a tree for each controller, and some share one`() {
    let table = CgroupTable(
      mounts: """
        31 23 0:28 / /sys/fs/cgroup ro - tmpfs tmpfs ro,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
        36 31 0:33 / /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices
        40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd
        """,
      membership: "4:memory:/jobs/7\n3:devices:/\n2:cpu,cpuacct:/\n1:name=systemd:/x\n")
    #expect(table.hierarchies.map(\.own) == ["/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/memory/jobs/7"])
    #expect(table.hierarchies.map(\.controllers) == [[.cpu, .cpuacct], [.memory]])
    #expect(table.hierarchies.map(\.parents.count) == [1, 1])
  }

  @Test
  func `both versions beside each other are recognized`() {
    let table = CgroupTable(
      mounts: """
        39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
        41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
        """, membership: "8:pids:/a\n0::/\n")
    #expect(table.hierarchies.map(\.version) == [.one, .two])
    #expect(table.hierarchies.map(\.own) == ["/sys/fs/cgroup/pids/a", "/sys/fs/cgroup/unified"])
  }

  @Test
  func `in a container the mounted part of the tree is the whole`() {
    let membership = "4:memory:/docker/abc/job\n"
    let inside = "1 2 0:1 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory"
    #expect(CgroupTable(mounts: inside, membership: membership).hierarchies.map(\.own) == ["/sys/fs/cgroup/memory/job"])
    let elsewhere = "1 2 0:1 /docker/abcd /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory"
    #expect(CgroupTable(mounts: elsewhere, membership: membership).hierarchies.isEmpty)
  }

  @Test
  func `a group outside of what this namespace shows is none`() {
    let table = CgroupTable(
      mounts: "1 2 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", membership: "0::/../other\n")
    #expect(table.hierarchies.isEmpty)
  }

  @Test
  func `a space in a mount's name is read back`() {
    let table = CgroupTable(mounts: #"1 2 0:1 / /my\040groups rw - cgroup2 cgroup2 rw"#, membership: "0::/\n")
    #expect(table.hierarchies.map(\.mount) == ["/my groups"])
  }

  @Test(arguments: ["", "nonsense", "1 2 3 4 5 6 -", "1 2 0:1 / /x rw - cgroup2", "1 2 0:1 / /x - cgroup cgroup rw"])
  func `other mounts are ignored`(mounts: String) {
    #expect(CgroupTable(mounts: mounts, membership: "0::/\n4:memory\n::\n").hierarchies.isEmpty)
  }
}

import ExecModel
import Testing

@testable import HostBoxes

/// Limits as people write them, and as the kernel wants them.
@Suite
struct BoxLimitsTests {
  @Test
  func `memory, processors and processes are read`() throws {
    #expect(try BoxLimits.memory(text: "512M") == 512 << 20)
    #expect(try BoxLimits.memory(text: "2g") == 2 << 30)
    #expect(try BoxLimits.milliProcessors(text: "1.5") == 1500)
    #expect(try BoxLimits.milliProcessors(text: "0.010") == 10)
    #expect(try BoxLimits.milliProcessors(text: "4") == 4000)
    #expect(try BoxLimits.processes(text: "200") == 200)
  }

  @Test(arguments: ["", "M", "512", "-1M", "1.5G", "7M", "99999999G", "all", "8 M", "+8M"])
  func `other memory is refused`(text: String) {
    #expect(throws: TextValueError.self) { try BoxLimits.memory(text: text) }
  }

  @Test(arguments: ["", "0", "0.009", "1.", ".5", "1.2345", "-1", "1e3", "1025", "99999", "1.5.1", "+1", "1.+5", "two"])
  func `other numbers of processors are refused`(text: String) {
    #expect(throws: TextValueError.self) { try BoxLimits.milliProcessors(text: text) }
  }

  @Test(arguments: ["", "0", "-1", "+5", "4194305", "many", "1.5"])
  func `other numbers of processes are refused`(text: String) {
    #expect(throws: TextValueError.self) { try BoxLimits.processes(text: text) }
  }

  @Test
  func `each version has files of its own`() {
    let limits = BoxLimits(memory: 64 << 20, milliProcessors: 1500, processes: 10)
    let two = Cgroup(folders: [Cgroup.Folder(path: "/g", version: .two, controllers: [.cpu, .memory, .pids])])
    #expect(
      limits.entries(in: two).map { "\($0.path)=\($0.value)" } == [
        "/g/memory.max=67108864", "/g/memory.swap.max=0", "/g/cpu.max=150000 100000", "/g/pids.max=14",
      ])
    let one = Cgroup(
      folders: [
        Cgroup.Folder(path: "/m", version: .one, controllers: [.memory]),
        Cgroup.Folder(path: "/c", version: .one, controllers: [.cpu, .cpuacct]),
      ])
    #expect(
      limits.entries(in: one).map { "\($0.path)=\($0.value)" } == [
        "/m/memory.limit_in_bytes=67108864", "/m/memory.memsw.limit_in_bytes=67108864", "/c/cpu.cfs_period_us=100000",
        "/c/cpu.cfs_quota_us=150000",
      ])
  }

  @Test
  func `limits on top win, the others stay`() {
    let limits = BoxLimits(memory: 1, processes: 2).replacing(BoxLimits(milliProcessors: 3, processes: 4))
    #expect(limits == BoxLimits(memory: 1, milliProcessors: 3, processes: 4))
    #expect(BoxLimits().isEmpty && !limits.isEmpty)
  }
}

import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import NetworkBase

/// Event loops where little is left: each test runs in a process of its own, whose limits it lowers.
struct EventLoopsTests {
  private static func limitDescriptors(to count: Int) {
    var limit = rlimit(rlim_cur: rlim_t(count), rlim_max: rlim_t(count))
    limit.rlim_max = rlim_t(4096)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  @Test("the parts of an event loop can be made here")
  func parts() { #expect(EventLoopParts.canBeMade) }

  @Test("at every limit of descriptors loops are made or refused, and never trap")
  func descriptors() async {
    await #expect(processExitsWith: .success) {
      let made = (3...64).map(Self.makes)
      precondition(made.first == false && made.last == true)
      // Once there is enough there is enough.
      precondition(made == made.filter { !$0 } + made.filter { $0 })
    }
  }

  private static func makes(at limit: Int) -> Bool {
    limitDescriptors(to: limit)
    do throws(Shortage) {
      let group = try EventLoops.make(loops: 1) { $0 }
      try? group.syncShutdownGracefully()
      return true
    } catch {
      precondition(error == .descriptors)
      return false
    }
  }

  @Test("a refusal says what is short and what to do")
  func words() async {
    await #expect(processExitsWith: .success) {
      Self.limitDescriptors(to: 12)
      precondition(
        Shortage.descriptors.description
          == "too few file descriptors are left for a connection (the limit is 12): raise it (ulimit -n)")
    }
  }

  @Test("a refused loop can be created when there are resources again")
  func again() async {
    await #expect(processExitsWith: .success) {
      Self.limitDescriptors(to: 10)
      precondition((try? EventLoops.shared()) == nil)
      Self.limitDescriptors(to: 200)
      let first = try EventLoops.shared()
      let second = try EventLoops.shared()
      precondition(first === second)
    }
  }

  @Test("more threads than the kernel gives are refused")
  func threads() async {
    await #expect(processExitsWith: .success) {
      // Each thread takes address space for its stack.
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      limit.rlim_cur = rlim_t(Self.addressSpace() + (2 << 20))
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      var shortage: Shortage?
      do throws(Shortage) { try EventLoops.check(descriptors: 0, threads: 100) } catch { shortage = error }
      precondition(shortage == .threads)
    }
  }

  /// Bytes that this process has taken of its addresses (proc(5), statm).
  private static func addressSpace() -> Int {
    let file = open("/proc/self/statm", O_RDONLY)
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 256)
    let count = max(0, read(file, &text, text.count))
    return (Int(String(decoding: text[..<count].prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)) ?? 0) * 4096
  }
}

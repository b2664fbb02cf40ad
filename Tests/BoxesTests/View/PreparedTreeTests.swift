import Glibc
import Testing

@testable import Boxes

/// The part of sandboxes' trees that is mounted once, as root.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: geteuid() == 0, "only root may make a mount namespace"))
struct PreparedTreeTests {
  private static func view(_ system: [SandboxLayer], _ more: [SandboxLayer] = []) -> SandboxView {
    var view = SandboxView()
    for layer in system { view.add(layer) }
    view.endSystem()
    for layer in more { view.add(layer) }
    return view
  }

  @Test
  func `what is in memory, and what lies in it, is each sandbox's own`() {
    let view = Self.view(
      [
        .shown("/usr"), .link(at: "/bin", to: "usr/bin"), .own("/run"), .devices, .processes, .covered("/proc/kmsg"),
        .shown("/run/resolv.conf"), .own("/usr/private"), .covered("/usr/key"),
      ], [.shown("/work")])
    let plan = PreparedTreePlan(view)
    #expect(
      plan.rest == [
        .own("/run"), .devices, .processes, .covered("/proc/kmsg"), .shown("/run/resolv.conf"), .shown("/work"),
      ])
    #expect(plan.steps.contains { $0.target == "/work" }, "a sandbox can make no folder in it")
    #expect(!plan.steps.contains { $0.target == "/run/resolv.conf" || $0.target == "/proc/kmsg" })
  }

  @Test
  func `it is made once, and again when a secret was replaced`() throws {
    let scratch = Scratch()
    let secret = try scratch.file("secret", "old", mode: 0o600)
    let view = Self.view([.shown("/usr"), .shown(scratch.path), .covered(secret)])
    let tree = try #require(PreparedTree.of(view, program: "/usr/bin/env"))
    #expect(PreparedTree.of(view, program: "/usr/bin/env") === tree)
    let next = try scratch.file("next", "new", mode: 0o600)
    #expect(rename(next, secret) == 0)
    let again = try #require(PreparedTree.of(view, program: "/usr/bin/env"))
    #expect(again !== tree)
    #expect(unlink(secret) == 0)
    try scratch.file("secret", "same number", mode: 0o600)
    let last = PreparedTree.of(view, program: "/usr/bin/env")
    #expect(last != nil && last !== again)
  }

  @Test
  func `making one leaves the mounts of this process as they are`() throws {
    let before = CgroupTable.mountPoints()
    let scratch = Scratch()
    #expect(PreparedTree.of(Self.view([.shown("/usr"), .shown(scratch.path)]), program: "/usr/bin/env") != nil)
    #expect(CgroupTable.mountPoints() == before)
  }
}

import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Testing

@testable import HostBoxes

/// Whether this user may make mount namespaces.
enum MountSupport {
  /// Why no mount namespace can be made; also root may not make one in many containers.
  static let problem: String? = {
    guard geteuid() == 0 else { return "only root may make a mount namespace" }
    let request = SpawnRequest(
      path: "/usr/bin/unshare", arguments: ["unshare", "--mount", "true"], environment: .inherited(), input: .closed)
    let answer = try? OneShot.run(request, ProcessSpawner(pumps: .shared))
    return answer?.status == .exited(0) ? nil : "root may make no mount namespace here: \(answer?.text ?? "")"
  }()
}

/// The part of sandboxes' trees that is mounted once, as root.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: MountSupport.problem == nil, "\(MountSupport.problem ?? "")"))
struct PreparedTreeTests {
  /// Trees of the test's own: other suites mount and unmount in this process.
  private let trees = PreparedTrees(hasOtherMounts: { false })

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

  private func tree(_ view: SandboxView) -> PreparedTree? { trees.tree(for: view, program: "/usr/bin/env") }

  @Test
  func `a folder that hides one of the host's is each sandbox's own when something is shown in it`() {
    let system: [SandboxLayer] = [.shown("/usr"), .own("/usr/private")]
    #expect(PreparedTreePlan(Self.view(system)).rest.isEmpty)
    let bind = SandboxLayer.shown(SandboxBind(source: "/etc", target: "/usr/private/etc", isReadOnly: true))
    #expect(PreparedTreePlan(Self.view(system, [bind])).rest == [.own("/usr/private"), bind])
  }

  @Test
  func `it is made once, and again when a secret was replaced`() throws {
    let scratch = Scratch()
    let secret = try scratch.file("secret", "old", mode: 0o600)
    let view = Self.view([.shown("/usr"), .shown(scratch.path), .covered(secret)])
    let first = try #require(tree(view))
    #expect(tree(view)?.namespace === first.namespace)
    let next = try scratch.file("next", "new", mode: 0o600)
    #expect(rename(next, secret) == 0)
    let again = try #require(tree(view))
    #expect(again.namespace !== first.namespace)
    #expect(unlink(secret) == 0)
    try scratch.file("secret", "same number", mode: 0o600)
    let last = try #require(tree(view))
    #expect(last.namespace !== again.namespace)
  }

  @Test
  func `a socket that appears in a shown folder makes no other tree, a folder at another place does`() throws {
    let scratch = Scratch()
    let folder = SandboxLayer.shown(scratch.path)
    let first = try #require(tree(Self.view([.shown("/usr")], [folder])))
    let socket = SandboxLayer.covered(try scratch.file("socket", ""))
    let second = try #require(tree(Self.view([.shown("/usr")], [folder, socket])))
    #expect(second.namespace === first.namespace)
    #expect(second.rest == [folder, socket])
    let elsewhere = SandboxLayer.shown(SandboxBind(source: scratch.path, target: "/elsewhere", isReadOnly: true))
    #expect(try #require(tree(Self.view([.shown("/usr")], [elsewhere]))).namespace !== first.namespace)
  }

  @Test
  func `it is made again when the host has mounted something`() throws {
    let trees = PreparedTrees(hasOtherMounts: { true })
    let view = Self.view([.shown("/usr")])
    let first = try #require(trees.tree(for: view, program: "/usr/bin/env"))
    #expect(trees.tree(for: view, program: "/usr/bin/env")?.namespace !== first.namespace)
  }

  @Test
  func `a file that went away while one was made is no reason to make none later`() {
    #expect(tree(Self.view([.shown("/usr"), .shown("/no/such")])) == nil)
    #expect(tree(Self.view([.shown("/usr")])) != nil)
  }

  @Test(.enabled(if: BoxUnderTest.sandboxProblem == nil, "\(BoxUnderTest.sandboxProblem ?? "")"))
  func `a sandbox that can be made neither with a tree nor without is no reason to make none later`() {
    let missing = Self.view([.shown("/usr")], [.shown("/no/such")])
    #expect(throws: BoxError.self) {
      try SandboxProbe(trees).run(ProcessSpawner(pumps: .shared), missing, .inherited())
    }
    #expect(tree(Self.view([.shown("/usr")])) != nil)
  }

  @Test
  func `making one leaves the mounts of this process as they are`() throws {
    let scratch = Scratch()
    let outer = scratch.path + "/outer"
    let inner = outer + "/inner"
    try Self.mountShared(outer)
    defer { umount2(outer, Int32(MNT_DETACH)) }
    try Self.mountShared(inner)
    let plan = PreparedTreePlan(Self.view([.shown("/usr")]))
    let detached = plan.steps.filter { $0.kind == CEXEC_MOUNT_DETACH }.map(\.target)
    #expect(detached.filter { $0.hasPrefix(outer) } == [inner, outer], "an inner one is taken out before an outer one")
    #expect(tree(Self.view([.shown("/usr")])) != nil)
    let mounts = CgroupTable.mountPoints()
    #expect(mounts.filter { $0.hasPrefix(outer) } == [outer, inner])
    #expect(!mounts.contains { $0 == plan.place })
  }

  /// Mounts a file system whose mounts reach copies of this namespace, and the other way round, unless they are cut off.
  private static func mountShared(_ path: String) throws {
    guard mkdir(path, 0o700) == 0, mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0,
      mount(nil, path, nil, UInt(MS_SHARED), nil) == 0
    else { throw ScratchError(number: errno) }
  }
}

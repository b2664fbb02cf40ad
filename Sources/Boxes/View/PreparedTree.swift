import CExecShims
import Glibc
import Synchronization

/// The system's part of the sandboxes' trees, mounted once in a mount namespace of its own, in which bubblewrap then starts.
///
/// bubblewrap reads the table of all mounts again for each one that it makes, so that a tree of fifty takes longer than the
/// rest of a sandbox. From here it takes the whole system's part at once, and the table is short: what the host has mounted
/// and no sandbox needs is not in this namespace. Only root may make a mount namespace without a user namespace; for other
/// users there is less to cover, and bubblewrap makes all of the tree.
///
/// The namespace has no process in it, ends with its descriptor, and so with this program.
final class PreparedTree: Sendable {
  /// Where the tree is in the namespace.
  let place: String
  /// The parts of the view that every sandbox makes for itself, in their order.
  let rest: [SandboxLayer]
  /// The namespace.
  let namespace: OwnedFile

  private init(_ plan: PreparedTreePlan, _ place: String, _ namespace: OwnedFile) {
    rest = plan.rest
    self.place = place
    self.namespace = namespace
  }

  private struct State {
    var isGivenUp = false
    var trees: [(plan: PreparedTreePlan, tree: PreparedTree)] = []
    var mountTable: OwnedFile?
  }

  private static let state = Mutex(State())
  /// How many are kept, for boxes with different options.
  private static let most = 4

  /// The tree for a view, made when there is none that is still true; nil where bubblewrap has to make it all.
  ///
  /// - Parameter program: Where bubblewrap is: one that is not the system's may need files that are not in the namespace.
  static func of(_ view: SandboxView, program: String) -> PreparedTree? {
    guard geteuid() == 0, let real = HostPath.real(program),
      SandboxView.shown.contains(where: { HostPath.isWithin(real, $0) })
    else { return nil }
    let plan = PreparedTreePlan(view)
    return state.withLock { state in
      guard !state.isGivenUp else { return nil }
      if hasOtherMounts(&state) { state.trees = [] }
      if let known = state.trees.first(where: { $0.plan == plan }) { return known.tree }
      guard let tree = make(plan) else {
        state.isGivenUp = true
        return nil
      }
      state.trees = [(plan, tree)] + state.trees.prefix(most - 1)
      return tree
    }
  }

  /// Makes no more of them: no sandbox could be made of one here.
  static func giveUp() {
    state.withLock { state in
      state.isGivenUp = true
      state.trees = []
    }
  }

  /// Whether the host has mounted something since the last look, which a tree of before may not show.
  private static func hasOtherMounts(_ state: inout State) -> Bool {
    if state.mountTable == nil {
      let file = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return true }
      state.mountTable = OwnedFile(file)
    }
    return state.mountTable.map { cexec_mounts_changed($0.raw) != 0 } ?? true
  }

  private static func make(_ plan: PreparedTreePlan) -> PreparedTree? {
    guard let place = plan.place else { return nil }
    let steps = plan.steps
    let words = CStringList(steps.flatMap { [$0.source, $0.target] })
    let answer = words.withPointers { words -> Int32 in
      let raw = steps.enumerated().map { index, step in
        cexec_mount_step(
          kind: Int32(bitPattern: step.kind.rawValue), source: words?[2 * index], target: words?[2 * index + 1])
      }
      return cexec_prepare_mounts(place, raw, Int32(clamping: raw.count))
    }
    return answer < 0 ? nil : PreparedTree(plan, place, OwnedFile(answer))
  }
}

/// What of a view is mounted once, what each sandbox mounts, and which files of the host that was decided by.
struct PreparedTreePlan: Equatable {
  /// One step of making the tree.
  struct Step {
    let kind: cexec_mount_kind
    var source = ""
    let target: String
  }

  /// A file of the host: a cover lies on it, not on one that takes its name later.
  private struct File: Equatable {
    let device: UInt
    let number: UInt
    /// Of a file that is covered also when it changed, in nanoseconds: numbers are given again.
    let changed: Int
  }

  private var common: [SandboxLayer] = []
  private(set) var rest: [SandboxLayer] = []
  private var files: [File?] = []

  /// Sorts a view's parts: what is in memory is each sandbox's own, and all that lies in it or is not the system's.
  init(_ view: SandboxView) {
    for (index, layer) in view.layers.enumerated() {
      let isOwn = rest.contains { HostPath.isWithin(layer.target, $0.target) }
      if index >= view.systemCount || isOwn || !canBeCommon(layer) { rest.append(layer) } else { common.append(layer) }
    }
    files = common.map(Self.file)
  }

  /// An empty folder is common when it only covers one of the host's.
  private func canBeCommon(_ layer: SandboxLayer) -> Bool {
    switch layer {
    case .shown, .link, .covered: true
    case .own(let path): common.contains { $0.isTree && HostPath.isWithin(path, $0.target) }
    case .devices, .processes: false
    }
  }

  private static func file(_ layer: SandboxLayer) -> File? {
    var status = stat()
    switch layer {
    case .shown(let bind):
      guard stat(bind.source, &status) == 0 else { return nil }
      return File(device: status.st_dev, number: status.st_ino, changed: 0)
    default:
      guard lstat(layer.target, &status) == 0 else { return nil }
      let changed = status.st_ctim.tv_sec &* 1_000_000_000 &+ status.st_ctim.tv_nsec
      return File(device: status.st_dev, number: status.st_ino, changed: changed)
    }
  }

  /// A folder of the host in whose place the tree can be while it is made: one that no sandbox needs (FHS 3.0 has them).
  var place: String? {
    ["/mnt", "/media", "/srv", "/boot"].first { place in HostPath.isFolder(place) && !isNeeded(place) }
  }

  /// What bubblewrap itself needs of the host, and what it is to show.
  private var needed: [String] {
    let sources = rest.compactMap { layer in
      if case .shown(let bind) = layer { HostPath.real(bind.source) } else { nil }
    }
    return ["/proc", "/dev"] + SandboxView.shown + sources
  }

  private func isNeeded(_ path: String) -> Bool {
    needed.contains { HostPath.isWithin($0, path) || HostPath.isWithin(path, $0) }
  }

  /// All steps, in their order: while there are no mounts in the tree, making folders changes nothing of the host.
  var steps: [Step] {
    let needed = needed
    let unneeded = CgroupTable.mountPoints().filter { point in
      point != "/" && !needed.contains { HostPath.isWithin($0, point) || HostPath.isWithin(point, $0) }
    }
    let detached = unneeded.reversed().map { Step(kind: CEXEC_MOUNT_DETACH, target: $0) }
    return detached + places + common.compactMap(Self.link) + common.compactMap(Self.mount)
  }

  /// Where something is mounted: by the tree, and by a sandbox that can make no folder in it.
  private var places: [Step] {
    let inMemory = rest.filter { !$0.isTree }.map(\.target)
    let outer = rest.filter { layer in
      !inMemory.contains { $0 != layer.target && HostPath.isWithin(layer.target, $0) }
    }
    return (common + outer).compactMap { layer in
      if case .link = layer { return nil }
      return Step(kind: layer.isFolder ? CEXEC_MOUNT_FOLDER : CEXEC_MOUNT_FILE, target: layer.target)
    }
  }

  private static func link(_ layer: SandboxLayer) -> Step? {
    guard case .link(let path, let target) = layer else { return nil }
    return Step(kind: CEXEC_MOUNT_LINK, source: target, target: path)
  }

  private static func mount(_ layer: SandboxLayer) -> Step? {
    switch layer {
    case .shown(let bind): Step(kind: CEXEC_MOUNT_BIND, source: bind.source, target: bind.target)
    case .covered(let path): Step(kind: CEXEC_MOUNT_BIND, source: "/dev/null", target: path)
    case .own(let path): Step(kind: CEXEC_MOUNT_EMPTY, target: path)
    case .link, .devices, .processes: nil
    }
  }
}

extension SandboxLayer {
  /// Whether it is a file or folder of the host.
  fileprivate var isTree: Bool { if case .shown = self { true } else { false } }

  /// Whether a folder is what it is mounted on.
  fileprivate var isFolder: Bool {
    switch self {
    case .shown(let bind): HostPath.real(bind.source).map { HostPath.isFolder($0) } ?? false
    case .own, .devices, .processes: true
    case .covered, .link: false
    }
  }
}

import CExecShims
import Glibc
import Synchronization

/// The system's part of the sandboxes' trees, mounted once in a separate mount namespace in which bubblewrap then
/// starts.
///
/// bubblewrap reads the table of all mounts again for each mount that it makes, so a tree of fifty takes longer than
/// the rest of a sandbox. From here it takes the whole system's part at once, and the table is short: other mounts of
/// the host that no sandbox needs are not in this namespace. Only root may make a mount namespace without a user
/// namespace; for other users there is less to cover, and bubblewrap makes the whole tree.
///
/// The namespace has no process and ends with its descriptor, and so with this program.
final class PreparedTree: Sendable {
  /// The path of the tree in the namespace.
  let place: String
  /// The parts of the view that every sandbox makes itself, in order.
  let rest: [SandboxLayer]
  /// The descriptor of the namespace.
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
  /// The number of trees kept, for boxes with different options.
  private static let most = 4

  /// The tree for a view, made when there is no current one; nil where bubblewrap has to make the whole tree.
  ///
  /// - Parameter program: The path of bubblewrap: one that is not the system's may need files that are not in the
  ///   namespace.
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

  /// Makes no more prepared trees, because no sandbox could be made in one here.
  static func giveUp() {
    state.withLock { state in
      state.isGivenUp = true
      state.trees = []
    }
  }

  /// Whether the host's mounts have changed since the last check; an older tree may not show them.
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

/// The parts of a view that are mounted once, those that each sandbox mounts, and the host files on which that depends.
struct PreparedTreePlan: Equatable {
  /// One step of making the tree.
  struct Step {
    let kind: cexec_mount_kind
    var source = ""
    let target: String
  }

  /// A file of the host: a cover applies to it, not to a later file of the same name.
  private struct File: Equatable {
    let device: UInt
    let number: UInt
    /// For a covered file also its change time in nanoseconds, because inode numbers are reused.
    let changed: Int
  }

  private var common: [SandboxLayer] = []
  private(set) var rest: [SandboxLayer] = []
  private var files: [File?] = []

  /// Divides a view's parts: those in memory, those inside them, and those that are not the system's belong to each
  /// sandbox.
  init(_ view: SandboxView) {
    for (index, layer) in view.layers.enumerated() {
      let isOwn = rest.contains { HostPath.isWithin(layer.target, $0.target) }
      if index >= view.systemCount || isOwn || !canBeCommon(layer) { rest.append(layer) } else { common.append(layer) }
    }
    files = common.map(Self.file)
  }

  /// An empty folder is common if it only covers one of the host's.
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

  /// A folder of the host that can serve as the tree's mount point while it is made, and that no sandbox needs (FHS 3.0
  /// defines them).
  var place: String? {
    ["/mnt", "/media", "/srv", "/boot"].first { place in HostPath.isFolder(place) && !isNeeded(place) }
  }

  /// The files of the host that bubblewrap itself needs, and those it is to show.
  private var needed: [String] {
    let sources = rest.compactMap { layer in
      if case .shown(let bind) = layer { HostPath.real(bind.source) } else { nil }
    }
    return ["/proc", "/dev"] + SandboxView.shown + sources
  }

  private func isNeeded(_ path: String) -> Bool {
    needed.contains { HostPath.isWithin($0, path) || HostPath.isWithin(path, $0) }
  }

  /// All steps in order; folders are made before anything is mounted in the tree, so the host is not changed.
  var steps: [Step] {
    let needed = needed
    let unneeded = CgroupTable.mountPoints().filter { point in
      point != "/" && !needed.contains { HostPath.isWithin($0, point) || HostPath.isWithin(point, $0) }
    }
    let detached = unneeded.reversed().map { Step(kind: CEXEC_MOUNT_DETACH, target: $0) }
    return detached + places + common.compactMap(Self.link) + common.compactMap(Self.mount)
  }

  /// The mount points of the tree and of each sandbox, which can make no folder in it.
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

  /// Whether its mount point must be a folder.
  fileprivate var isFolder: Bool {
    switch self {
    case .shown(let bind): HostPath.real(bind.source).map { HostPath.isFolder($0) } ?? false
    case .own, .devices, .processes: true
    case .covered, .link: false
    }
  }
}

import CExecShims
import Glibc
import Linux
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
struct PreparedTree: Sendable {
  /// The path of the tree in the namespace.
  let place: String
  /// The parts of the view that every sandbox makes itself, in order.
  let rest: [SandboxLayer]
  /// The descriptor of the namespace.
  let namespace: SharedDescriptor
}

/// The prepared trees that exist now.
final class PreparedTrees: Sendable {
  private struct State {
    var isGivenUp = false
    var made: [(plan: PreparedTreePlan, namespace: SharedDescriptor)] = []
    /// The host's mount points that the system's part does not need; nil before they are read.
    var unneeded: [String]?
  }

  /// Those of this process.
  static let shared = PreparedTrees()
  /// The number of trees kept, for boxes with different options.
  private static let most = 4

  private let state = Mutex(State())
  private let hasOtherMounts: @Sendable () -> Bool

  /// Makes none yet.
  ///
  /// - Parameter hasOtherMounts: Whether the host's mounts have changed since the last call; an older tree may not show
  ///   them.
  init(hasOtherMounts: @escaping @Sendable () -> Bool = MountWatch().hasOtherMounts) {
    self.hasOtherMounts = hasOtherMounts
  }

  /// The tree for a view, made when there is no current one; nil where bubblewrap has to make the whole tree.
  ///
  /// - Parameter program: The path of bubblewrap: one that is not the system's may need files that are not in the
  ///   namespace.
  func tree(for view: SandboxView, program: String) -> PreparedTree? {
    guard geteuid() == 0, let real = HostPath.real(program),
      SandboxView.shown.contains(where: { HostPath.isWithin(real, $0) })
    else { return nil }
    return state.withLock { state in
      guard !state.isGivenUp else { return nil }
      if hasOtherMounts() { (state.made, state.unneeded) = ([], nil) }
      let unneeded = state.unneeded ?? PreparedTreePlan.mountsWithoutNeed()
      state.unneeded = unneeded
      let plan = PreparedTreePlan(view, unneeded: unneeded)
      guard let place = plan.place, let namespace = Self.namespace(of: plan, at: place, &state) else { return nil }
      return PreparedTree(place: place, rest: plan.rest, namespace: namespace)
    }
  }

  /// Makes no more prepared trees, because bubblewrap makes sandboxes here without one only.
  func giveUp() {
    state.withLock { state in
      state.isGivenUp = true
      state.made = []
    }
  }

  private static func namespace(
    of plan: PreparedTreePlan, at place: String, _ state: inout State
  ) -> SharedDescriptor? {
    if let known = state.made.first(where: { $0.plan.makesSameTree(as: plan) }) { return known.namespace }
    let answer = make(plan, at: place)
    guard answer >= 0 else {
      state.isGivenUp = isLasting(-answer)
      return nil
    }
    let namespace = SharedDescriptor(raw: answer)
    state.made = [(plan, namespace)] + state.made.prefix(most - 1)
    return namespace
  }

  /// Whether an error means that no tree can ever be made here.
  ///
  /// Others pass, such as too little memory, too few descriptors or a file removed meanwhile: the next start tries again.
  private static func isLasting(_ error: Int32) -> Bool { [EPERM, EACCES, ENOSYS, EINVAL, EXDEV].contains(error) }

  private static func make(_ plan: PreparedTreePlan, at place: String) -> Int32 {
    let steps = plan.steps
    let words = CStringList(steps.flatMap { [$0.source, $0.target] })
    return words.withPointers { words -> Int32 in
      let raw = steps.enumerated().map { index, step in
        cexec_mount_step(
          kind: Int32(bitPattern: step.kind.rawValue), source: words?[2 * index], target: words?[2 * index + 1])
      }
      return cexec_prepare_mounts(place, raw, Int32(clamping: raw.count))
    }
  }
}

/// Notices changes of the mounts in this process's namespace (proc_pid_mounts(5)).
final class MountWatch: Sendable {
  private let table = Mutex<SharedDescriptor?>(nil)

  /// Whether they have changed since the last call; true if that cannot be determined.
  func hasOtherMounts() -> Bool {
    table.withLock { table in
      if table == nil {
        guard let file = try? Descriptor.open("/proc/self/mountinfo", flags: O_RDONLY) else { return true }
        table = SharedDescriptor(file)
      }
      guard let table else { return true }
      // The kernel reports a change since the last poll(2) of this descriptor.
      return withExtendedLifetime(table) { DescriptorWait.any(exceptional: [table.raw], within: 0) }
    }
  }
}

/// The parts of a view that are mounted once, those that each sandbox mounts, and the host files on which that depends.
struct PreparedTreePlan {
  /// One step of making the tree.
  struct Step: Equatable {
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
  /// The parts that each sandbox mounts itself.
  private(set) var rest: [SandboxLayer] = []
  private var files: [File?] = []
  private var detached: [String] = []
  private var placesOfRest: [Step] = []
  /// A folder of the host that serves as the tree's mount point; nil when a sandbox needs them all.
  private(set) var place: String?

  /// Divides a view's parts: those in memory, those inside them, and those that are not the system's belong to each
  /// sandbox.
  ///
  /// - Parameter unneeded: The host's mount points that the system's part does not need, outer ones first.
  init(_ view: SandboxView, unneeded: [String] = Self.mountsWithoutNeed()) {
    for (index, layer) in view.layers.enumerated() {
      let isOwn = rest.contains { HostPath.isWithin(layer.target, $0.target) }
      let isCommon = index < view.systemCount && !isOwn && canBeCommon(layer, in: view)
      if isCommon { common.append(layer) } else { rest.append(layer) }
    }
    files = common.map(Self.file)
    let sources = rest.compactMap(\.realSource)
    detached = unneeded.filter { point in !sources.contains { Self.isOneInOther($0, point) } }
    placesOfRest = outerRest.map(Self.place(for:))
    place = Self.spare.first { spare in
      !sources.contains { Self.isOneInOther($0, spare) } && HostPath.isFolder(spare)
    }
  }

  /// Whether a tree made by this plan is also the tree of `other`.
  ///
  /// The parts that each sandbox mounts itself count only by the mount points that the tree has for them, and by the
  /// host's mounts that they need: sockets that come and go in the working directory require no other tree.
  func makesSameTree(as other: PreparedTreePlan) -> Bool {
    common == other.common && files == other.files && detached == other.detached
      && placesOfRest == other.placesOfRest && place == other.place
  }

  /// An empty folder is common if it only covers one of the host's, and a sandbox mounts nothing in it.
  private func canBeCommon(_ layer: SandboxLayer, in view: SandboxView) -> Bool {
    switch layer {
    case .shown, .link, .covered: true
    case .own(let path):
      common.contains { $0.isTree && HostPath.isWithin(path, $0.target) }
        && !view.layers[view.systemCount...].contains { HostPath.isWithin($0.target, path) }
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

  /// Folders that no sandbox needs unless it is to show them (FHS 3.0 defines them).
  private static let spare = ["/mnt", "/media", "/srv", "/boot"]
  /// The folders of the host that bubblewrap itself and the system's part need.
  private static let needed = ["/proc", "/dev"] + SandboxView.shown

  private static func isOneInOther(_ one: String, _ other: String) -> Bool {
    HostPath.isWithin(one, other) || HostPath.isWithin(other, one)
  }

  /// The host's mount points that the system's part does not need, outer ones first.
  static func mountsWithoutNeed() -> [String] {
    CgroupTable.mountPoints().filter { point in point != "/" && !needed.contains { isOneInOther($0, point) } }
  }

  /// All steps in order; folders are made before anything is mounted in the tree, so the host is not changed.
  var steps: [Step] {
    let detaching = detached.reversed().map { Step(kind: CEXEC_MOUNT_DETACH, target: $0) }
    let places = common.filter { !$0.isLink }.map(Self.place(for:)) + placesOfRest
    return detaching + places + common.compactMap(Self.link) + common.compactMap(Self.mount)
  }

  /// The parts of the rest that need a mount point in the tree, in which a sandbox can make no folder: not those inside an
  /// earlier part, which is the sandbox's own memory or already has the folder.
  private var outerRest: [SandboxLayer] {
    let trees = common.filter(\.isTree)
    return rest.indices.map { (rest[$0], trees + rest[..<$0]) }.filter { layer, earlier in
      !layer.isLink && !earlier.contains { HostPath.isWithin(layer.target, $0.target) }
    }.map(\.0)
  }

  private static func place(for layer: SandboxLayer) -> Step {
    Step(kind: layer.isFolder ? CEXEC_MOUNT_FOLDER : CEXEC_MOUNT_FILE, target: layer.target)
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

  /// Whether it is a link.
  fileprivate var isLink: Bool { if case .link = self { true } else { false } }

  /// The host's file or folder that it shows, links resolved; nil if it shows none, or that is gone.
  fileprivate var realSource: String? { if case .shown(let bind) = self { HostPath.real(bind.source) } else { nil } }

  /// Whether its mount point must be a folder.
  fileprivate var isFolder: Bool {
    switch self {
    case .shown(let bind): HostPath.real(bind.source).map { HostPath.isFolder($0) } ?? false
    case .own, .devices, .processes: true
    case .covered, .link: false
    }
  }
}

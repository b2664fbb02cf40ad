import ExecEngine
import ExecModel
import Glibc

extension SandboxView {
  /// The folders of the host that a sandbox sees, as the article lists them; a link stays a link.
  static let shown = [
    "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/usr", "/opt", "/nix", "/gnu", "/snap", "/etc",
    "/sys/devices/system", "/var/run", "/var/lock", "/run/current-system",
    "/var/lib/dpkg", "/var/lib/apt", "/var/lib/rpm", "/var/lib/pacman", "/var/lib/ghc", "/var/lib/texmf",
    "/var/cache/apt", "/var/cache/fontconfig", "/var/cache/man",
  ]
  /// The sandbox's private folders besides the home folder.
  static let own = ["/tmp", "/var/tmp", "/run"]
  /// Files of `/etc` that are often links to paths that a sandbox does not see otherwise.
  private static let named = ["/etc/resolv.conf", "/etc/hosts", "/etc/localtime", "/etc/machine-id"]

  /// Makes the view of a sandbox with these options from the current state of the host.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` for a bind whose source is missing, or whose mount point cannot be made.
  init(_ options: SandboxOptions, _ environment: EnvironmentBlock) throws(BoxError) {
    let places = PrivatePlaces(environment)
    addTrees(home: places.home)
    for name in Self.named { addTarget(of: name) }
    for secret in HostSecrets.etc() { add(secret) }
    endSystem()
    addCurrentDirectory(places)
    for socket in HostSockets.paths(currentDirectory) where place(of: socket) == .host(socket) { add(.covered(socket)) }
    for bind in options.binds { try add(bind, places) }
    directory = currentDirectory ?? "/"
  }

  /// This program's working directory, if the sandbox shows it.
  private var currentDirectory: String? { HostPath.current.flatMap { resolve($0) == .nothing ? nil : $0 } }

  /// Adds the system's folders, an outer folder before the folders in it.
  private mutating func addTrees(home: String?) {
    var trees = Self.shown.compactMap(Self.layer) + Self.own.map { .own($0) }
    if let home, Self.canBeHome(home) { trees.append(.own(home)) }
    let sorted = trees.enumerated().sorted {
      ($0.element.target.utf8.count, $0.offset) < ($1.element.target.utf8.count, $1.offset)
    }
    for tree in sorted { add(tree.element) }
    add(.devices)
    add(.processes)
    for cover in HostSecrets.kernel { add(cover) }
  }

  private static func layer(_ path: String) -> SandboxLayer? {
    switch HostPath.sight(of: path) {
    case .file(let mode) where mode & S_IFMT == S_IFLNK: HostPath.link(path).map { .link(at: path, to: $0) }
    case .file(let mode): mode & S_IFMT == S_IFDIR ? .shown(path) : nil
    case .nothing: nil
    case .unknown: .shown(path)
    }
  }

  /// Whether the sandbox can have its own home here: it must not hide a shown folder, and in a read-only tree of the
  /// host the mount point must exist.
  private static func canBeHome(_ home: String) -> Bool {
    guard !(shown + own + ["/dev", "/proc"]).contains(where: { HostPath.isWithin($0, home) }) else { return false }
    return HostPath.isFolder(home) || !shown.contains { HostPath.isWithin(home, $0) }
  }

  private mutating func addTarget(of name: String) {
    guard let real = HostPath.real(name), resolve(name) == .nothing, canMount(at: real) else { return }
    add(.shown(real))
  }

  /// Shows this program's working directory, without the private folders in it.
  private mutating func addCurrentDirectory(_ places: PrivatePlaces) {
    guard let current = HostPath.current else { return }
    let isOwn = (Self.own + ["/dev", "/proc", "/sys"]).contains { HostPath.isWithin(current, $0) }
    if !isOwn, resolve(current) != .host(current), places.maySee(current) { add(.shown(current)) }
    for folder in places.folders where place(of: folder) == .host(folder) {
      if HostPath.isFolder(folder, orUnknown: true) { add(.own(folder)) }
    }
  }

  /// Shows a bind; this program's own folders in it are covered.
  ///
  /// The control sockets of this program are refused even by name. Its journals and settings are shown only when the
  /// bind names their folder or a folder in it.
  private mutating func add(_ bind: SandboxBind, _ places: PrivatePlaces) throws(BoxError) {
    guard let source = HostPath.real(bind.source) else {
      throw BoxError(.box, "there is no '\(bind.source)' on this host to show in the sandbox: check the path")
    }
    guard !places.control.contains(where: { HostPath.isWithin(source, $0) }) else {
      throw BoxError(
        .box, "'\(bind.source)' controls boxwatch itself and cannot be shown in a sandbox: name another path")
    }
    guard canMount(at: bind.target) else {
      throw BoxError(
        .box,
        "the sandbox cannot show anything at '\(bind.target)', which does not exist, as its files are read-only: "
          + "name a place under /tmp, or one that exists")
    }
    // bubblewrap does not follow absolute links in the tree that it makes.
    let target = real(bind.target) ?? bind.target
    add(.shown(SandboxBind(source: bind.source, target: target, isReadOnly: bind.isReadOnly)))
    for folder in places.own where folder != source && HostPath.isWithin(folder, source) {
      add(.own(target + folder.dropFirst(source == "/" ? 0 : source.count)))
    }
  }
}

/// The folders of the host that belong to users or to this program; a sandbox shows them only on request.
struct PrivatePlaces {
  /// The home folder according to the environment; nil without one.
  let home: String?
  /// The users' home folders, links resolved.
  let homes: [String]
  /// Sockets, journals and settings: the runtime, state and configuration folders, links resolved.
  let folders: [String]
  /// The parts of those that belong to this program.
  let own: [String]
  /// The folders of this program's control sockets.
  let control: [String]

  /// Finds the folders of this user by the variables of the XDG base directory specification.
  init(_ environment: EnvironmentBlock) {
    let home = Self.absolute(environment["HOME"])
    self.home = home
    homes = [home, Self.homeOfUser, "/root"].compactMap { $0 }.compactMap { HostPath.real($0) }.filter { $0 != "/" }
    let runtime = Self.absolute(environment["XDG_RUNTIME_DIR"])
    let others = [("XDG_STATE_HOME", ".local/state"), ("XDG_CONFIG_HOME", ".config")].compactMap { name, place in
      Self.absolute(environment[name]) ?? (home ?? Self.homeOfUser).map { $0 + "/" + place }
    }
    folders = ([runtime].compactMap { $0 } + others).compactMap { HostPath.real($0) }
    let sockets = [runtime.map { $0 + "/boxwatch" }, "/tmp/boxwatch-\(getuid())"].compactMap { $0 }
    own = (sockets + others.map { $0 + "/boxwatch" }).compactMap { HostPath.real($0) }
    control = sockets.compactMap { HostPath.real($0) }
  }

  /// Whether a folder of the host, links resolved, may be shown because commands start in it.
  ///
  /// A folder is not shown when it is a home, contains a home, is private, or is hidden in a home.
  func maySee(_ folder: String) -> Bool {
    guard !(homes + ["/home", "/var/lib"]).contains(where: { HostPath.isWithin($0, folder) }) else { return false }
    guard !(folders + own).contains(where: { HostPath.isWithin(folder, $0) }) else { return false }
    return homesOver(folder).allSatisfy { $0 != folder && !folder.dropFirst($0.count + 1).hasPrefix(".") }
  }

  /// The homes that contain a folder; every folder in `/home` counts as one.
  private func homesOver(_ folder: String) -> [String] {
    let parts = folder.split(separator: "/")
    let others = parts.count > 1 && parts[0] == "home" ? ["/home/" + parts[1]] : []
    return (homes + others).filter { HostPath.isWithin(folder, $0) }
  }

  private static func absolute(_ path: String?) -> String? {
    path.flatMap { $0.hasPrefix("/") ? HostPath.clean($0) : nil }
  }

  private static var homeOfUser: String? {
    guard let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir else { return nil }
    return absolute(String(cString: home))
  }
}

/// The variables of this process that have no meaning in a sandbox or refer to something outside it.
enum SandboxVariables {
  /// Variables of agents, buses, screens, engines and sessions, whose sockets a sandbox does not show.
  static let leading: Set<String> = [
    "SSH_AUTH_SOCK", "SSH_AGENT_PID", "SSH_ASKPASS", "SUDO_ASKPASS", "GPG_AGENT_INFO", "GNOME_KEYRING_CONTROL",
    "DBUS_SESSION_BUS_ADDRESS", "DBUS_SESSION_BUS_PID", "DBUS_SYSTEM_BUS_ADDRESS", "DBUS_STARTER_ADDRESS",
    "AT_SPI_BUS_ADDRESS", "DISPLAY", "XAUTHORITY", "SESSION_MANAGER", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "SWAYSOCK",
    "I3SOCK", "HYPRLAND_INSTANCE_SIGNATURE", "PULSE_SERVER", "PIPEWIRE_REMOTE", "PIPEWIRE_RUNTIME_DIR", "DOCKER_HOST",
    "CONTAINER_HOST", "CONTAINERD_ADDRESS", "TMUX", "TMUX_PANE", "STY", "VSCODE_IPC_HOOK_CLI", "NOTIFY_SOCKET",
    "LISTEN_FDS", "LISTEN_PID", "JOURNAL_STREAM", "INVOCATION_ID", "XDG_RUNTIME_DIR", "XDG_STATE_HOME",
    "XDG_CONFIG_HOME", "XDG_SESSION_ID", "XDG_SEAT", "XDG_VTNR",
  ]
  /// Variables that name folders; removed when the sandbox does not show the folder, so that programs use their
  /// defaults.
  static let folders = ["XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR", "TMP", "TEMP"]

  /// The environment of a command that sees the files of `view`.
  static func passed(_ environment: EnvironmentBlock, to view: FileView) -> EnvironmentBlock {
    let hidden = folders.filter { name in
      guard let folder = environment[name], case .directory = view.look(folder) else { return true }
      return false
    }
    return environment.removing(leading.union(hidden))
  }
}

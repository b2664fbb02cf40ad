import ExecModel
import Glibc

/// The folders of the host that belong to people or to this program; no sandbox shows them unless it is asked to.
struct PrivatePlaces {
  /// The home folder as the environment names it; nil without one.
  let home: String?
  /// The folders of people, links followed.
  let homes: [String]
  /// Sockets, journals and settings: the runtime, state and configuration folders, links followed.
  let folders: [String]
  /// The parts of those that are this program's.
  let own: [String]
  /// The folders of the sockets by which this program is steered.
  let control: [String]

  /// Finds the places of this user by the variables of the XDG base directory specification.
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

/// The variables of this process that have no meaning in a sandbox or lead out of it.
enum SandboxVariables {
  /// Variables of agents, buses, screens, engines and sessions: a sandbox does not show their sockets.
  static let leading: Set<String> = [
    "SSH_AUTH_SOCK", "SSH_AGENT_PID", "SSH_ASKPASS", "SUDO_ASKPASS", "GPG_AGENT_INFO", "GNOME_KEYRING_CONTROL",
    "DBUS_SESSION_BUS_ADDRESS", "DBUS_SESSION_BUS_PID", "DBUS_SYSTEM_BUS_ADDRESS", "DBUS_STARTER_ADDRESS",
    "AT_SPI_BUS_ADDRESS", "DISPLAY", "XAUTHORITY", "SESSION_MANAGER", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "SWAYSOCK",
    "I3SOCK", "HYPRLAND_INSTANCE_SIGNATURE", "PULSE_SERVER", "PIPEWIRE_REMOTE", "PIPEWIRE_RUNTIME_DIR", "DOCKER_HOST",
    "CONTAINER_HOST", "CONTAINERD_ADDRESS", "TMUX", "TMUX_PANE", "STY", "VSCODE_IPC_HOOK_CLI", "NOTIFY_SOCKET",
    "LISTEN_FDS", "LISTEN_PID", "JOURNAL_STREAM", "INVOCATION_ID", "XDG_RUNTIME_DIR", "XDG_STATE_HOME",
    "XDG_CONFIG_HOME", "XDG_SESSION_ID", "XDG_SEAT", "XDG_VTNR",
  ]
  /// Variables that name folders; without them, where the sandbox does not show the folder, programs use their default.
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

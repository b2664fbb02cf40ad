import ExecModel

/// The variables of this process that mean nothing in a sandbox, or lead out of it.
enum SandboxVariables {
  /// Agents, buses, screens, engines and sessions, each with a socket that a sandbox does not see.
  static let leading: Set<String> = [
    "SSH_AUTH_SOCK", "SSH_AGENT_PID", "SSH_ASKPASS", "SUDO_ASKPASS", "GPG_AGENT_INFO", "GNOME_KEYRING_CONTROL",
    "DBUS_SESSION_BUS_ADDRESS", "DBUS_SESSION_BUS_PID", "DBUS_SYSTEM_BUS_ADDRESS", "DBUS_STARTER_ADDRESS",
    "AT_SPI_BUS_ADDRESS", "DISPLAY", "XAUTHORITY", "SESSION_MANAGER", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "SWAYSOCK",
    "I3SOCK", "HYPRLAND_INSTANCE_SIGNATURE", "PULSE_SERVER", "PIPEWIRE_REMOTE", "PIPEWIRE_RUNTIME_DIR", "DOCKER_HOST",
    "CONTAINER_HOST", "CONTAINERD_ADDRESS", "TMUX", "TMUX_PANE", "STY", "VSCODE_IPC_HOOK_CLI", "NOTIFY_SOCKET",
    "LISTEN_FDS", "LISTEN_PID", "JOURNAL_STREAM", "INVOCATION_ID", "XDG_RUNTIME_DIR", "XDG_STATE_HOME",
    "XDG_CONFIG_HOME", "XDG_SESSION_ID", "XDG_SEAT", "XDG_VTNR",
  ]
  /// Folders, which are left out where a sandbox does not see them: a program then takes its default.
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

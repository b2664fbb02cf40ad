import Glibc

/// What of the host is a person's or this program's, and is in no sandbox unless it is asked for.
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

  /// Those of this user, by variables of the XDG base directory specification.
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

  /// Whether a folder of the host, links followed, may be shown because commands start in it.
  ///
  /// Not one that is or holds a home, and not one that is private or hidden in a home.
  func maySee(_ folder: String) -> Bool {
    guard !(homes + ["/home", "/var/lib"]).contains(where: { HostPath.isWithin($0, folder) }) else { return false }
    guard !(folders + own).contains(where: { HostPath.isWithin(folder, $0) }) else { return false }
    return homesOver(folder).allSatisfy { $0 != folder && !folder.dropFirst($0.count + 1).hasPrefix(".") }
  }

  /// The homes in which a folder lies; each folder in `/home` is one, and cannot be shown itself.
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

import ExecModel

/// The words of a bubblewrap call.
struct SandboxArguments {
  /// What the sandbox is called inside.
  var host = "boxwatch"
  /// Whether it ends with the thread that makes it.
  var endsWithMaker = true
  /// How far its privileges are taken away.
  let confinement: Confinement
  /// The descriptor that its filter of system calls is read from.
  var filter: Int32 = 3
  /// What it sees of the host.
  let view: SandboxView
  /// What of that is mounted already; bubblewrap is then started in its namespace.
  var tree: PreparedTree?
  /// Whether it has the host's network.
  var hasNetwork = false
  /// Where the command starts, inside.
  let directory: String
  /// Variables set inside only: on bubblewrap itself they could change how it runs.
  let variables: [EnvironmentVariable]
  /// The command and its arguments.
  let command: [String]

  /// A terminal belongs to the sandbox alone, and a pipe's command has none (the session is new), so that
  /// `--new-session` has nothing to protect and would take job control and Ctrl-C away.
  private static let sandbox = ["bwrap", "--unshare-all"]

  /// Why a sandbox runs commands as nobody else: its user namespace maps one user, ours (user_namespaces(7)).
  static func userRefusal(_ name: String) -> String {
    "the box '\(name)' is a sandbox with one user only, the one who runs boxwatch: use a container for another"
  }

  /// All of them, `bwrap` first.
  var words: [String] {
    let end = endsWithMaker ? ["--die-with-parent"] : []
    let filter = ["--seccomp", String(filter)]
    let network = hasNetwork ? ["--share-net"] : []
    let set = variables.flatMap { ["--setenv", $0.name, $0.value] }
    let own = confinement.words + filter + end + network + ["--hostname", host] + view.words(on: tree)
    return Self.sandbox + own + ["--chdir", directory] + set + ["--"] + command
  }
}

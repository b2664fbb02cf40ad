import ExecModel

/// The words of a bubblewrap call.
struct SandboxArguments {
  /// Where the command starts, inside.
  let directory: String
  /// Variables set inside only: on bubblewrap itself they could change how it runs.
  let variables: [EnvironmentVariable]
  /// The command and its arguments.
  let command: [String]

  /// A terminal belongs to the sandbox alone, and a pipe's command has none (the session is new), so that
  /// `--new-session` has nothing to protect and would take job control and Ctrl-C away.
  private static let sandbox = [
    "bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--unshare-all",
    "--die-with-parent", "--hostname", "boxwatch",
  ]

  /// All of them, `bwrap` first.
  var words: [String] {
    let set = variables.flatMap { ["--setenv", $0.name, $0.value] }
    return Self.sandbox + ["--chdir", directory] + set + ["--"] + command
  }
}

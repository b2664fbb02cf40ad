import ExecModel

/// A command whose variables and working directory are part of its words, for clients that pass on nothing else.
struct RemoteCommand {
  /// What the other end executes.
  let words: [String]

  /// Wraps a spec's command in `env` and `sh` where it needs them.
  init(_ spec: ExecutionSpec) {
    let variables = spec.environment.map { $0.name + "=" + $0.value }
    let environment = variables.isEmpty ? [] : ["env"] + variables
    words = environment + Self.shell(spec, isAfterEnv: !variables.isEmpty) + spec.command
  }

  private static func shell(_ spec: ExecutionSpec, isAfterEnv: Bool) -> [String] {
    if let directory = spec.workingDirectory {
      // `cd -` would be the last directory.
      let safe = directory.hasPrefix("-") ? "./" + directory : directory
      return ["sh", "-c", #"cd -- "$1" || exit 125; shift; exec "$@""#, "sh", safe]
    }
    // A command with an equals sign would be one more variable to env.
    let isAmbiguous = isAfterEnv && (spec.command.first?.utf8.contains(UInt8(ascii: "=")) ?? false)
    return isAmbiguous ? ["sh", "-c", #"exec "$@""#, "sh"] : []
  }
}

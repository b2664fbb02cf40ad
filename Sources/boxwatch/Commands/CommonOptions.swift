import ArgumentParser

/// Options that every command understands.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Configuration file.", valueName: "file"))
  var config: String?

  @Flag(help: "Write diagnostics to standard error (after the screen is closed).")
  var verbose = false
}

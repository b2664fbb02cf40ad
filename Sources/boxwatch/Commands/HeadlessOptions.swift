import ArgumentParser

/// Options for running without a screen.
struct HeadlessOptions: ParsableArguments {
  @Flag(help: "No screen: pass the bytes through. Automatic when stdin or stdout is no terminal.")
  var headless = false

  @Flag(help: "Prefix each line with its stream.")
  var tag = false

  @Flag(help: "Prefix each line with its time.")
  var timestamps = false

  @Flag(help: "Write one JSON object a line for every event, in the engine's order.")
  var json = false

  /// Whether any of them asks for a run without a screen.
  var isChosen: Bool { headless || tag || timestamps || json }

  /// What to write.
  var format: HeadlessFormat {
    if json { return .json }
    return tag || timestamps ? .lines(tag: tag, timestamps: timestamps) : .bytes
  }
}

import ArgumentParser

/// Options about how the monitor looks.
struct ScreenOptions: ParsableArguments {
  /// When colours are used.
  enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
  }

  @Option(help: ArgumentHelp("Theme; boxwatch themes lists them.", valueName: "name"))
  var theme: String?

  @Option(help: "Use colours; beats NO_COLOR.")
  var color: ColorChoice = .auto

  @Flag(inversion: .prefixedNo, help: "Let the mouse scroll and choose.")
  var mouse = true
}

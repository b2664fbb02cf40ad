import ArgumentParser

/// `boxwatch box`: the sandboxes that stay.
struct BoxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "box", abstract: "Make, list and remove kept boxes: sandboxes that stay, for several commands.",
    discussion: """
      boxwatch box create web --net --memory 1G
      boxwatch run --box web -- make
      boxwatch box rm web
      """,
    subcommands: [BoxCreateCommand.self, BoxListCommand.self, BoxRemoveCommand.self],
    defaultSubcommand: BoxListCommand.self)
}

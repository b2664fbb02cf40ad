import ArgumentParser
import Boxes
import ExecEngine

/// `boxwatch box rm`: ends a kept box.
struct BoxRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "End a kept box and forget it.")

  @Argument(help: ArgumentHelp("The box's name.", valueName: "name"))
  var name: String

  @Flag(help: "Also when commands run in it: they are killed.")
  var force = false

  func run() throws {
    do {
      try Directories.keptBoxes().remove(name, force: force)
    } catch {
      throw Failure(error.description)
    }
  }
}

import ArgumentParser
import Boxes

/// `boxwatch box create`: a bubblewrap sandbox that stays.
struct BoxCreateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a sandbox that stays until it is removed.",
    discussion: """
      It shows the system's programs and the directory that it is made in, read-only, and has a /tmp of its own that its \
      commands share. Its name is then one for --box. It ends with boxwatch box rm, and with the machine.
      """)

  @Argument(help: ArgumentHelp("The box's name.", valueName: "name"))
  var name: String

  @OptionGroup(title: "Sandbox") var sandbox: SandboxFlags
  @OptionGroup var common: CommonOptions

  func run() throws {
    let configuration = try Configuration(option: common.config)
    guard !BoxCatalogue.isTaken(name, configuration) else {
      throw Failure("'\(name)' is a box already (boxwatch boxes lists them): choose another name")
    }
    do {
      try Directories.keptBoxes().create(name, sandbox.checked())
    } catch let error as any CustomStringConvertible & Error {
      throw Failure(error.description)
    }
  }
}

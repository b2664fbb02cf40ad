import ArgumentParser
import BoxLiteClient
import Console
import ContainerBoxes
import ExecEngine
import ExecModel
import HostBoxes

/// `boxwatch box`: manages the kept sandboxes.
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

/// `boxwatch box create`: creates a kept bubblewrap sandbox.
struct BoxCreateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a sandbox that stays until it is removed.",
    discussion: """
      It shows the system's programs and the directory that it is made in, read-only, and has a /tmp of its own that its \
      commands share. Use its name with --box. It ends with boxwatch box rm, or when the machine shuts down.
      """)

  @Argument(help: ArgumentHelp("The box's name.", valueName: "name"))
  var name: String

  @OptionGroup(title: "Sandbox") var sandbox: SandboxFlags
  @OptionGroup var common: CommonOptions

  func run() throws {
    let configuration = try Configuration(option: common.config)
    guard !BoxCatalogue.isTaken(name, configuration) else {
      throw Failure("'\(name)' is already the name of a box (boxwatch boxes lists them): choose another name")
    }
    do {
      try Directories.keptBoxes().create(name, sandbox.checked())
    } catch let error as any CustomStringConvertible & Error {
      throw Failure(error.description)
    }
  }
}

/// `boxwatch box ls`: lists the kept boxes.
struct BoxListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "ls", abstract: "List the kept boxes.")

  @Flag(help: "One JSON object a line.")
  var json = false

  func run() throws {
    let found = KeptBoxFinder(boxes: Directories.keptBoxes()).find()
    try FoundBoxList(boxes: found, isJSON: json).write()
  }
}

/// `boxwatch box rm`: removes a kept box.
struct BoxRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "End a kept box and forget it.")

  @Argument(help: ArgumentHelp("The box's name.", valueName: "name"))
  var name: String

  @Flag(help: "Also when commands are running in it: they are killed.")
  var force = false

  func run() throws {
    do {
      try Directories.keptBoxes().remove(name, force: force)
    } catch {
      throw Failure(error.description)
    }
  }
}

/// A box's name on the command line: an address must be complete.
enum BoxName {
  /// The name, if it can be a box's; whether the box exists is decided by the configuration.
  ///
  /// - Throws: `TextValueError` for an address that cannot be parsed.
  static func checked(_ text: String) throws(TextValueError) -> String {
    if BoxLiteTarget.isMeant(by: text) { _ = try RemoteBoxes.address(text) }
    if ContainerTarget.claims(text) { _ = try ContainerTarget(text: text) }
    return text
  }
}

/// `boxwatch boxes`: lists every box that `--box` can name, and why some cannot be used.
struct BoxesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boxes", abstract: "List the boxes that --box takes: built in, configured, kept and found.")

  @Flag(help: "One JSON object a line.")
  var json = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    let finders = BoxFinders.all(try Configuration(option: common.config))
    try FoundBoxList(boxes: finders.flatMap { $0.find() }, isJSON: json).write()
  }
}

import ArgumentParser

/// `boxwatch boxes`: every box that `--box` can name, and why one cannot be used.
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

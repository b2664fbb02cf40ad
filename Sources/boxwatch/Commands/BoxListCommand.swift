import ArgumentParser
import Boxes

/// `boxwatch box ls`: the kept boxes.
struct BoxListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "ls", abstract: "List the kept boxes.")

  @Flag(help: "One JSON object a line.")
  var json = false

  func run() throws {
    let found = KeptBoxFinder(boxes: Directories.keptBoxes()).find()
    try FoundBoxList(boxes: found, isJSON: json).write()
  }
}

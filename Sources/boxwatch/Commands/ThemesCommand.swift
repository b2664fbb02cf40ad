import ArgumentParser
import BoxwatchUI

/// `boxwatch themes`: what `--theme` takes.
struct ThemesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "themes", abstract: "List the themes, shipped and your own.")

  func run() throws {
    for entry in ThemeStore().list() { print("\(entry.name)\t\(entry.origin)") }
  }
}

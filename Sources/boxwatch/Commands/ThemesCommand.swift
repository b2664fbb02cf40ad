import ArgumentParser
import BoxwatchUI
import Cells

/// `boxwatch themes`: what `--theme` takes.
struct ThemesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "themes", abstract: "List the themes, shipped and your own.")

  func run() throws {
    try TextOutput().write(ThemeStore().list().map { "\($0.name)\t\($0.origin)" as SafeText })
  }
}

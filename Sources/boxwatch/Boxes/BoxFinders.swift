/// Everybody who knows of boxes.
enum BoxFinders {
  /// In the order of the list.
  static func all(_ configuration: Configuration) -> [any BoxFinder] {
    [
      BuiltInBoxFinder(), ConfiguredBoxFinder(configuration: configuration),
      KeptBoxFinder(boxes: Directories.keptBoxes()), ContainerBoxFinder(),
    ]
  }
}

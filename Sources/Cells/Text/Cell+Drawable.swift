extension Cell {
  /// Whether nothing in the cell could change, hide or reorder what a terminal shows.
  ///
  /// All that ``Grid`` and ``StyledLine`` write is; a cell made by hand may hold anything.
  public var isDrawable: Bool {
    if scalars[1] == 0, (0x20..<0x7F).contains(scalars[0]) { return width == 1 }
    if scalars == .none { return width == 0 }
    guard width == 1 || width == 2, scalars[0] != 0 else { return false }
    return (0..<8).allSatisfy { index in
      guard scalars[index] != 0 else { return true }
      guard let scalar = Unicode.Scalar(scalars[index]) else { return false }
      return ScalarRole.of(scalar) != .hostile
    }
  }
}

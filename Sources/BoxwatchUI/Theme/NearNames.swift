/// Finds the names that someone most likely meant.
enum NearNames {
  /// Up to three candidates within a third of the name's length in edits, nearest first.
  static func near(_ name: String, in candidates: [String]) -> [String] {
    let limit = max(2, name.utf8.count / 3)
    let scored = candidates.map { (name: $0, distance: distance(name, $0)) }.filter { $0.distance <= limit }
    return scored.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
  }

  /// A clause that lists near names, or the beginning of the whole list when none is near.
  static func clause(_ name: String, in candidates: [String]) -> String {
    let found = near(name, in: candidates)
    guard found.isEmpty else { return "did you mean \(found.joined(separator: ", "))?" }
    return "known are \(candidates.joined(separator: ", "))"
  }

  /// Levenshtein's distance in bytes; names longer than 64 bytes count as far.
  private static func distance(_ left: String, _ right: String) -> Int {
    let source = Array(left.utf8)
    let target = Array(right.utf8)
    guard source.count <= 64, target.count <= 64 else { return .max }
    var row = Array(0...target.count)
    for (index, byte) in source.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in target.indices {
        let substitution = diagonal + (byte == target[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(substitution, diagonal + 1, row[column] + 1)
      }
    }
    return row[target.count]
  }
}

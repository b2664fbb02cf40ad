public import ExecModel

/// A number of chunks for each stream.
public struct ChunkCounts: Hashable, Sendable {
  /// Standard output's.
  public var stdout: Int
  /// Standard error's.
  public var stderr: Int

  /// Makes a pair.
  public init(stdout: Int = 0, stderr: Int = 0) {
    self.stdout = stdout
    self.stderr = stderr
  }

  /// The number of one stream.
  public subscript(stream: ExecStream) -> Int {
    get {
      switch stream {
      case .stdout: stdout
      case .stderr: stderr
      }
    }
    set {
      switch stream {
      case .stdout: stdout = newValue
      case .stderr: stderr = newValue
      }
    }
  }

  /// Both together.
  public var total: Int { stdout &+ stderr }
}

/// One number for each output stream.
public struct StreamCounts: Hashable, Sendable, Codable {
  /// Standard output's number.
  public var stdout: UInt64
  /// Standard error's number.
  public var stderr: UInt64

  /// Makes a pair of numbers.
  public init(stdout: UInt64 = 0, stderr: UInt64 = 0) {
    self.stdout = stdout
    self.stderr = stderr
  }

  /// The number of one stream.
  public subscript(stream: ExecStream) -> UInt64 {
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
  public var total: UInt64 { stdout &+ stderr }
}

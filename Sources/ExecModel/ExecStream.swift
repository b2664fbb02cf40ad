/// One of the two output streams of an execution, numbered as BoxLite's attach frames number them.
public enum ExecStream: UInt8, Sendable, Hashable, Codable, CaseIterable {
  /// Standard output; with a terminal also everything that was written to standard error.
  case stdout = 1
  /// Standard error.
  case stderr = 2

  /// The stream's name as the field writes it: `stdout` or `stderr`.
  public var name: String {
    switch self {
    case .stdout: "stdout"
    case .stderr: "stderr"
    }
  }
}

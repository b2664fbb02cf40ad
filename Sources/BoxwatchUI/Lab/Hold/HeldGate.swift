public import ExecModel

/// One of the three reports that the lab can hold back from its dispatchers.
public enum HeldGate: UInt8, Hashable, Sendable, CaseIterable {
  /// The stdout pump: its bytes stay in the kernel.
  case stdout
  /// The stderr pump.
  case stderr
  /// The exit's report: the process is over, and nobody is told.
  case exit

  /// The gate of a stream's pump.
  public init(_ stream: ExecStream) {
    switch stream {
    case .stdout: self = .stdout
    case .stderr: self = .stderr
    }
  }

  /// The stream whose pump it holds; nil for the exit.
  public var stream: ExecStream? {
    switch self {
    case .stdout: .stdout
    case .stderr: .stderr
    case .exit: nil
    }
  }

  /// How a person calls it.
  public var name: String { stream?.name ?? "exit" }
}

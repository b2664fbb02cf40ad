import ExecModel

extension Role {
  /// The role of a stream's text.
  static func of(_ stream: ExecStream) -> Role {
    switch stream {
    case .stdout: .streamStdout
    case .stderr: .streamStderr
    }
  }
}

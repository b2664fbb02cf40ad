public import ExecModel

/// The state of both panes of one execution.
public struct PaneStates: Hashable, Sendable {
  /// Standard output's, or the terminal's.
  public var stdout = PaneState()
  /// Standard error's.
  public var stderr = PaneState()

  /// The state of one stream's pane.
  public subscript(stream: ExecStream) -> PaneState {
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
}

public import ExecModel

extension Model {
  /// The size for a terminal that is started now: what its pane will have, so that its command's first line fits.
  public var freshTerminalSize: TerminalSize { Layout(self).terminalSize }
}

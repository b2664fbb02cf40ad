import ExecModel

extension Menu {
  /// The signals by number and name; stands at SIGTERM.
  static let signals = Menu(
    items: Signal.all.map { signal in
      let name = signal.name
      let number = String(signal.number)
      return Item(
        label: (number.count < 2 ? " " : "") + number + "  " + name,
        keys: [number, String(name.dropFirst(3)).lowercased(), name.lowercased()])
    }, index: Int(Signal.terminate.number) - 1)
}

import Boxes

extension SandboxOptions {
  /// The options in a few words, as a list shows them.
  var words: String {
    let shown = binds.map { ($0.isReadOnly ? "reads " : "writes ") + Self.place($0) }
    return (shown + [hasNetwork ? "network" : "no network"] + limits.words).joined(separator: ", ")
  }

  private static func place(_ bind: SandboxBind) -> String {
    bind.source == bind.target ? bind.source : "\(bind.source) at \(bind.target)"
  }
}

extension BoxLimits {
  /// Each limit in a few words.
  fileprivate var words: [String] {
    let memory = memory.map { ["memory \($0 >> 20) MiB"] } ?? []
    let processors = milliProcessors.map { ["processors \(Self.decimal($0))"] } ?? []
    return memory + processors + (processes.map { ["processes \($0)"] } ?? [])
  }

  private static func decimal(_ thousandths: UInt32) -> String {
    var text = String(thousandths / 1000) + "." + String(1000 + thousandths % 1000).dropFirst()
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}

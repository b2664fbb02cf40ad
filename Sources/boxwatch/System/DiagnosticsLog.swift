import Logging

/// Log lines as diagnostics: what they quote may come from anywhere.
struct DiagnosticsLog: LogHandler {
  private let label: String
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.critical

  init(label: String) { self.label = label }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    let words = facts.map { "\($0.key)=\($0.value)" }
    Diagnostics.print((["\(event.level) \(label):", "\(event.message)"] + words).joined(separator: " "))
  }
}

/// The resource that a path names; the part before `boxes` is an opaque prefix.
enum Route: Hashable {
  case config, me, metrics, boxes
  case box(String)
  case start(String)
  case stop(String)
  case boxMetrics(String)
  case exec(String)
  case executions(String)
  case execution(String, String)
  case attach(String, String)
  case signal(String, String)
  case resize(String, String)

  /// Parses a path without its query; nil when it names nothing.
  ///
  /// Identifiers are compared as written: none of ours needs escaping, so `%2e%2e` is simply
  /// unknown.
  init?(path: Substring) {
    guard path.first == "/" else { return nil }
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    if parts.last == "" { parts = parts.dropLast() }
    if let boxes = parts.firstIndex(of: "boxes"), boxes > parts.startIndex {
      self.init(box: parts[(boxes + 1)...].map(String.init))
      return
    }
    guard parts.count >= 2, let last = parts.last else { return nil }
    switch last {
    case "config": self = .config
    case "me": self = .me
    case "metrics": self = .metrics
    default: return nil
    }
  }

  private init?(box parts: [String]) {
    guard let box = parts.first else {
      self = .boxes
      return
    }
    switch (parts.count, parts.dropFirst().first) {
    case (1, _): self = .box(box)
    case (2, "start"): self = .start(box)
    case (2, "stop"): self = .stop(box)
    case (2, "metrics"): self = .boxMetrics(box)
    case (2, "exec"): self = .exec(box)
    case (2, "executions"): self = .executions(box)
    case (3, "executions"): self = .execution(box, parts[2])
    case (4, "executions"): self.init(box: box, execution: parts[2], verb: parts[3])
    default: return nil
    }
  }

  private init?(box: String, execution: String, verb: String) {
    switch verb {
    case "attach": self = .attach(box, execution)
    case "signal": self = .signal(box, execution)
    case "resize": self = .resize(box, execution)
    default: return nil
    }
  }
}

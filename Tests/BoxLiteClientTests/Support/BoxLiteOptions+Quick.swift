@testable import BoxLiteClient

extension BoxLiteOptions {
  /// Pauses that a test can wait for.
  static var quick: BoxLiteOptions {
    var options = BoxLiteOptions()
    options.patience = .seconds(20)
    options.reconnect.firstPause = .milliseconds(5)
    options.reconnect.longestPause = .milliseconds(50)
    options.reconnect.takenPause = .milliseconds(20)
    options.reconnect.budget = .seconds(30)
    options.quiet = .milliseconds(150)
    options.settle = .milliseconds(500)
    return options
  }
}

extension BoxLiteBox {
  /// The box of a test's server.
  init(_ server: FakeServer, _ options: BoxLiteOptions = .quick, key: String? = nil) {
    self.init(target: BoxLiteTarget(endpoint: server.endpoint, box: "b"), key: key, options: options)
  }
}

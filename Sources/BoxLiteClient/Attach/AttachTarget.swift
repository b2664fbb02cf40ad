public import BoxLiteWire

/// What an attach connection is for.
public struct AttachTarget: Sendable {
  /// The box's identifier or name.
  public var box: String
  /// The execution's identifier.
  public var execution: String
  /// What is asked for beyond that.
  public var query: AttachQuery

  /// Names an execution.
  public init(box: String, execution: String, query: AttachQuery = AttachQuery()) {
    (self.box, self.execution, self.query) = (box, execution, query)
  }

  /// The request's target.
  var path: String { RESTClient.path(box: box, execution: execution, "/attach") + query.text }
}

import ExecModel

extension ExecutionID {
  /// The part by which people tell executions apart: `k3f9x-1` of `20261124-055827-412345-k3f9x-1`.
  ///
  /// An identifier of another form is its own short form.
  var short: String {
    let parts = description.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 5 ? parts[3...].joined(separator: "-") : description
  }
}

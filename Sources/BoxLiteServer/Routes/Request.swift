/// One request, whole.
struct Request: Sendable {
  enum Method: String, Sendable { case get = "GET", head = "HEAD", post = "POST", delete = "DELETE", other }

  let method: Method
  let path: Substring
  let query: Substring
  let body: [UInt8]

  init(method: String, target: String, body: [UInt8] = []) {
    self.method = Method(rawValue: method) ?? .other
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = parts.first ?? ""
    query = parts.count == 2 ? parts[1] : ""
    self.body = body
  }
}

import BoxLiteWire
import ExecEngine

extension Box {
  /// Refuses a request that names a user where the box knows only one.
  func checkUser() throws(ErrorReply) {
    if let userRefusal { throw ErrorReply(.unsupported, "field 'user': \(userRefusal)") }
  }
}

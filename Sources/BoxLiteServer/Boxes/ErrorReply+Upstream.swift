import BoxLiteClient
import BoxLiteWire

extension ErrorReply {
  /// What another server answered, passed on; its being out of reach is told as such.
  init(_ error: ClientError) { self.init(Self.kind(error), error.description) }

  private static func kind(_ error: ClientError) -> ErrorKind {
    guard let status = error.status else { return .upstreamUnavailable }
    // It wants a key of us, which is not the client's to give.
    if status == 401 || status == 403 { return .upstreamUnavailable }
    let alike = ErrorKind.allCases.filter { $0.words.status == status }
    return alike.first { $0.words.code == error.code } ?? alike.first ?? .upstreamUnavailable
  }
}

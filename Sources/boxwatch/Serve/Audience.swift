import BoxLiteServer
import Glibc

/// What a server serves, and to whom: the sentence that is said at its start.
struct Audience {
  var address: ListenAddress
  /// Where commands run, and as whom: `in box 'local' as root (0)`.
  var place: String
  /// Where the key stands that clients must show; nil for none.
  var keyPlace: String?
  var isOpenToAll = false
  var isEncrypted = false

  /// The same at the real address, with the port that was found.
  func at(_ address: ListenAddress) -> Audience {
    var audience = self
    audience.address = address
    return audience
  }

  /// The sentence, without an end mark.
  var sentence: String { "commands run \(place), for \(clients)\(traffic)" }

  private var clients: String {
    if let keyPlace { return "everyone who reaches \(address) and shows the key of \(keyPlace)" }
    if isOpenToAll { return "everyone who reaches \(address): no key is asked for" }
    return geteuid() == 0
      ? "root alone, without a key: other users are refused"
      : "this user and root alone, without a key: other users are refused"
  }

  private var traffic: String {
    switch (address.isLocal, isEncrypted) {
    case (true, _): ""
    case (false, true): "; the traffic is encrypted"
    case (false, false): "; the traffic is clear text, keys too: --cert and --key encrypt it"
    }
  }

  /// The user who serves: `root (0)`.
  static var user: String {
    let number = geteuid()
    guard let entry = getpwuid(number), let name = entry.pointee.pw_name else { return "user \(number)" }
    return "\(String(cString: name)) (\(number))"
  }
}

import ArgumentParser
import BoxLiteServer
import Console
import Glibc
import SystemPackage

/// The key that clients of `boxwatch serve` must present, and where the user finds it.
struct ServeKey {
  let key: String
  /// Where it is kept, as part of a sentence.
  let place: String
  /// Whether it was just created: it is printed once.
  var isNew = false

  /// The length of a new key in bytes.
  private static let size = 32

  /// Reads the key created at an earlier start, or creates one that only its user can read.
  ///
  /// - Throws: ``/Console/Failure`` for a file that cannot be written or read, that other users can read, or
  ///   that is empty.
  static func made() throws -> ServeKey {
    let folder = try Directories.state()
    let path = folder.appending("serve.key")
    let made = (0..<size).map { _ in String(UInt16.random(in: 0x100...0x1FF), radix: 16).dropFirst() }.joined()
    try makeFolders(folder)
    if access(path.string, F_OK) == 0 { return try read(path) }
    do throws(Errno) { try PrivateFile.create(path, with: Array((made + "\n").utf8)) } catch {
      // Another start created it first.
      if error == .fileExists { return try read(path) }
      throw Failure("cannot keep a key in \(path): \(error)")
    }
    return ServeKey(key: made, place: path.string, isNew: true)
  }

  /// Reads a key from a file's first line.
  ///
  /// - Throws: ``/Console/Failure`` for a file that other users can read.
  static func read(_ path: FilePath) throws -> ServeKey {
    var status = stat()
    if stat(path.string, &status) != 0, errno != ENOENT {
      throw Failure("cannot look at the key file '\(path)': \(Errno(rawValue: errno))")
    }
    if status.st_mode & 0o077 != 0, status.st_mode & S_IFMT == S_IFREG {
      throw Failure("the key file '\(path)' is open to other users: chmod 600 makes it private")
    }
    guard let key = try KeySource.file(path.string).key() else {
      throw Failure("the key file '\(path)' is empty: write a key into it, or remove it")
    }
    return ServeKey(key: key, place: path.string)
  }

  private static func makeFolders(_ folder: FilePath) throws {
    if mkdir(folder.string, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, !folder.removingLastComponent().isEmpty else {
      throw Failure("cannot create the folder \(folder): \(String(cString: strerror(errno)))")
    }
    try makeFolders(folder.removingLastComponent())
    if mkdir(folder.string, 0o700) != 0, errno != EEXIST {
      throw Failure("cannot create the folder \(folder): \(String(cString: strerror(errno)))")
    }
  }

  /// The message printed once for a new key.
  var line: String { "clients send this key, kept in \(place): export BOXLITE_API_KEY=\(key)" }
}

/// Options for the key that clients must present.
struct KeyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The key that clients must send (default: $BOXWATCH_API_KEY; without one only you and root are answered, and where "
        + "the kernel cannot identify the client, as beyond loopback, a key is created).",
      valueName: "key"))
  var apiKey: String?

  @Option(help: ArgumentHelp("A file whose first line is the key, readable by you alone.", valueName: "file"))
  var apiKeyFile: String?

  @Flag(
    help: "Answer everyone who reaches the address, without a key: other users, and beyond loopback other machines.")
  var insecure = false

  func validate() throws {
    if apiKey == "" { throw ValidationError("--api-key is empty: everyone would be admitted") }
    if apiKey != nil, apiKeyFile != nil { throw ValidationError("--api-key and --api-key-file exclude each other") }
    if insecure, apiKey != nil || apiKeyFile != nil {
      throw ValidationError("--insecure and a key exclude each other: clients without the key would be answered")
    }
    if insecure, Secrets["BOXWATCH_API_KEY"]?.isEmpty == false {
      throw ValidationError(
        "--insecure and $BOXWATCH_API_KEY exclude each other: clients without the key would be answered; unset one")
    }
  }

  /// The key for a server at an address; nil when the kernel identifies clients, or every client is
  /// answered.
  func key(at address: ListenAddress) throws -> ServeKey? {
    if let apiKey { return ServeKey(key: apiKey, place: "--api-key") }
    if let apiKeyFile { return try ServeKey.read(FilePath(apiKeyFile)) }
    if insecure { return nil }
    if let key = Secrets["BOXWATCH_API_KEY"], !key.isEmpty { return ServeKey(key: key, place: "$BOXWATCH_API_KEY") }
    return address.tellsPeers ? nil : try ServeKey.made()
  }
}

/// What a server serves, and to whom: the sentence printed at its start.
struct Audience {
  var address: ListenAddress
  /// Where commands run, and as which user: `in box 'local' as root (0)`.
  var place: String
  /// Where the key is kept that clients must present; nil for none.
  var keyPlace: String?
  var isOpenToAll = false
  var isEncrypted = false

  /// The same at the actual address, with the assigned port.
  func at(_ address: ListenAddress) -> Audience {
    var audience = self
    audience.address = address
    return audience
  }

  /// The sentence, without a period.
  var sentence: String { "commands run \(place), for \(clients)\(traffic)" }

  private var clients: String {
    if let keyPlace { return "everyone who reaches \(address) and sends the key of \(keyPlace)" }
    if isOpenToAll { return "everyone who reaches \(address): no key is asked for" }
    return geteuid() == 0
      ? "root alone, without a key: other users are refused"
      : "this user and root alone, without a key: other users are refused"
  }

  private var traffic: String {
    switch (address.isLocal, isEncrypted) {
    case (true, _): ""
    case (false, true): "; the traffic is encrypted"
    case (false, false): "; the traffic, including keys, is clear text: use --cert and --key to encrypt it"
    }
  }

  /// The user who runs the server: `root (0)`.
  static var user: String {
    let number = geteuid()
    guard let entry = getpwuid(number), let name = entry.pointee.pw_name else { return "user \(number)" }
    return "\(String(cString: name)) (\(number))"
  }
}

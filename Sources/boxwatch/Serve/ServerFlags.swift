import ArgumentParser
import BoxLiteClient
import BoxLiteServer
import Console
import ExecModel
import Glibc

/// The TLS files of `boxwatch serve`.
struct TLSOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Encrypt: a PEM file with the certificate and its chain; reloaded when it changes.",
      valueName: "file"))
  var cert: String?

  @Option(help: ArgumentHelp("The certificate's private key, a PEM file without a password.", valueName: "file"))
  var key: String?

  func validate() throws {
    if (cert == nil) != (key == nil) {
      throw ValidationError("--cert and --key must be used together: name both files")
    }
  }

  /// The files; nil for clear text.
  ///
  /// - Throws: ``/Console/Failure`` for a key that every user of the machine can read.
  func files() throws -> TLSFiles? {
    guard let cert, let key else { return nil }
    var status = stat()
    if stat(key, &status) == 0, status.st_mode & 0o004 != 0 {
      throw Failure("every user of this machine can read the private key '\(key)': chmod 600 makes it private")
    }
    return TLSFiles(certificate: cert, key: key)
  }
}

/// The server behind `boxwatch serve --upstream`.
struct UpstreamOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Run commands on another BoxLite server, recorded and shown here on their way: boxlite://HOST:PORT.",
      valueName: "url"),
    transform: { try BoxLiteTarget.server(text: $0) })
  var upstream: Endpoint?

  @Option(help: ArgumentHelp("The other server's key (default: $BOXWATCH_UPSTREAM_KEY).", valueName: "key"))
  var upstreamKey: String?

  /// The option's key, otherwise the environment's.
  var key: String? { [upstreamKey, Secrets["BOXWATCH_UPSTREAM_KEY"]].compactMap { $0 }.first { !$0.isEmpty } }
}

/// Options for the server's timeouts and limits.
struct ServerFlags: ParsableArguments {
  @Option(
    name: .customLong("reconnect-grace"), help: help(.reconnectGrace, "time"),
    transform: { try ServerChange(.reconnectGrace, $0) })
  var reconnectGrace: ServerChange?

  @Option(
    name: .customLong("shutdown-grace"), help: help(.shutdownGrace, "time"),
    transform: { try ServerChange(.shutdownGrace, $0) })
  var shutdownGrace: ServerChange?

  @Option(
    name: .customLong("max-session-lifetime"), help: help(.maxSessionLifetime, "time"),
    transform: { try ServerChange(.maxSessionLifetime, $0) })
  var maxSessionLifetime: ServerChange?

  @Option(
    name: .customLong("retention"), help: help(.retention, "time"), transform: { try ServerChange(.retention, $0) })
  var retention: ServerChange?

  @Option(name: .customLong("hand-over"), help: help(.handOver, "time"), transform: { try ServerChange(.handOver, $0) })
  var handOver: ServerChange?

  @Option(name: .customLong("ping"), help: help(.ping, "time"), transform: { try ServerChange(.ping, $0) })
  var ping: ServerChange?

  @Option(name: .customLong("silence"), help: help(.silence, "time"), transform: { try ServerChange(.silence, $0) })
  var silence: ServerChange?

  @Option(
    name: .customLong("write-timeout"), help: help(.writeTimeout, "time"),
    transform: { try ServerChange(.writeTimeout, $0) })
  var writeTimeout: ServerChange?

  @Option(
    name: .customLong("request-timeout"), help: help(.requestTimeout, "time"),
    transform: { try ServerChange(.requestTimeout, $0) })
  var requestTimeout: ServerChange?

  @Option(name: .customLong("max-body"), help: help(.maxBody, "size"), transform: { try ServerChange(.maxBody, $0) })
  var maxBody: ServerChange?

  @Option(name: .customLong("max-frame"), help: help(.maxFrame, "size"), transform: { try ServerChange(.maxFrame, $0) })
  var maxFrame: ServerChange?

  @Option(name: .customLong("max-input"), help: help(.maxInput, "size"), transform: { try ServerChange(.maxInput, $0) })
  var maxInput: ServerChange?

  @Option(
    name: .customLong("max-sockets"), help: help(.maxSockets, "number"),
    transform: { try ServerChange(.maxSockets, $0) })
  var maxSockets: ServerChange?

  @Option(
    name: .customLong("max-strangers"), help: help(.maxStrangers, "number"),
    transform: { try ServerChange(.maxStrangers, $0) })
  var maxStrangers: ServerChange?

  @Option(
    name: .customLong("max-strangers-per-address"), help: help(.maxStrangersOfAnAddress, "number"),
    transform: { try ServerChange(.maxStrangersOfAnAddress, $0) })
  var maxStrangersOfAnAddress: ServerChange?

  @Option(
    name: .customLong("key-timeout"), help: help(.keyTimeout, "time"),
    transform: { try ServerChange(.keyTimeout, $0) })
  var keyTimeout: ServerChange?

  @Option(
    name: .customLong("max-boxes"), help: help(.maxBoxes, "number"),
    transform: { try ServerChange(.maxBoxes, $0) })
  var maxBoxes: ServerChange?

  @Option(
    name: .customLong("max-box-size"), help: help(.maxBoxSize, "size"),
    transform: { try ServerChange(.maxBoxSize, $0) })
  var maxBoxSize: ServerChange?

  @Option(
    name: .customLong("max-boxes-size"), help: help(.maxBoxesSize, "size"),
    transform: { try ServerChange(.maxBoxesSize, $0) })
  var maxBoxesSize: ServerChange?

  @Option(
    name: .customLong("max-executions"), help: help(.maxExecutions, "number"),
    transform: { try ServerChange(.maxExecutions, $0) })
  var maxExecutions: ServerChange?

  @Option(
    name: .customLong("max-executions-size"), help: help(.maxExecutionsSize, "size"),
    transform: { try ServerChange(.maxExecutionsSize, $0) })
  var maxExecutionsSize: ServerChange?

  @Option(name: .customLong("signals"), help: help(.signals, "names"), transform: { try ServerChange(.signals, $0) })
  var signals: ServerChange?

  /// The given settings, in no particular order.
  var changes: [ServerChange] {
    [
      reconnectGrace, shutdownGrace, maxSessionLifetime, retention, handOver, ping, silence, writeTimeout,
      requestTimeout, maxBody, maxFrame, maxInput, maxSockets, maxStrangers,
      maxStrangersOfAnAddress, keyTimeout, maxBoxes, maxBoxSize, maxBoxesSize, maxExecutions, maxExecutionsSize,
      signals,
    ].compactMap(\.self)
  }

  private static func help(_ setting: ServerSetting, _ value: String) -> ArgumentHelp {
    let meaning = setting.meaning
    let words = meaning.prefix(1).uppercased() + meaning.dropFirst()
    return ArgumentHelp("\(words) (\(setting.text(in: ServerConfiguration()))).", valueName: value)
  }
}

import ArgumentParser
import BoxLiteClient
import ExecModel
import Glibc

/// The server behind `boxwatch serve --upstream`.
struct UpstreamOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Run commands on another BoxLite server, recorded and shown here on their way: boxlite://HOST:PORT.",
      valueName: "url"),
    transform: { try UpstreamOptions.endpoint($0) })
  var upstream: Endpoint?

  @Option(help: ArgumentHelp("The other server's key (default: $BOXWATCH_UPSTREAM_KEY).", valueName: "key"))
  var upstreamKey: String?

  /// The option's key, or else the environment's.
  var key: String? { [upstreamKey, Secrets["BOXWATCH_UPSTREAM_KEY"]].compactMap { $0 }.first { !$0.isEmpty } }

  /// Reads a box's address without the box.
  private static func endpoint(_ text: String) throws -> Endpoint {
    let socket = "boxlite+unix:"
    let bare = text.hasSuffix("/") ? text.dropLast() : text[...]
    guard BoxLiteTarget.isMeant(by: text) else {
      throw TextValueError("'\(text)' is no BoxLite server: write boxlite://HOST:PORT, boxlites://… or \(socket)PATH")
    }
    return try BoxLiteTarget(text: bare + (text.hasPrefix(socket) ? ":/box" : "/box")).endpoint
  }
}

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
    transform: { try BoxLiteTarget.server(text: $0) })
  var upstream: Endpoint?

  @Option(help: ArgumentHelp("The other server's key (default: $BOXWATCH_UPSTREAM_KEY).", valueName: "key"))
  var upstreamKey: String?

  /// The option's key, or else the environment's.
  var key: String? { [upstreamKey, Secrets["BOXWATCH_UPSTREAM_KEY"]].compactMap { $0 }.first { !$0.isEmpty } }
}

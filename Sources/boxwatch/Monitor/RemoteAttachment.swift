import BoxwatchUI
import ExecEngine
import ExecModel

/// An execution on a BoxLite server, a container's main process or another's command in it, attached to by our engine, which keeps its record from now on.
struct RemoteAttachment: Sendable {
  /// What our engine calls it.
  let id: ExecutionID
  /// What the server says that runs.
  let spec: ExecutionSpec
  /// Where it is.
  let attachment: any AttachableBox
  /// Reads what our engine records.
  let subscription: Subscription
  /// Whether the command line named it, so that its end is ours.
  let isRequested: Bool

  /// Where it is, in few words.
  var origin: RowOrigin { .attached(place: attachment.origin) }

  /// What cannot be done to it from here.
  var limits: RowLimits {
    RowLimits(
      input: attachment.capabilities.contains(.input) ? nil : "it was attached to without its standard input",
      release: "only the server can give up its streams")
  }
}

import Boxes

/// The boxes that need no configuration.
struct BuiltInBoxFinder: BoxFinder {
  func find() -> [FoundBox] {
    [
      FoundBox(name: "local", kind: "built in", detail: "this host, this user"),
      FoundBox(
        name: "bwrap", kind: "built in", detail: "a throw-away sandbox: its own home and /tmp, no network",
        problem: BubblewrapBox().problem()),
    ]
  }
}

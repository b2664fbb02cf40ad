import ExecEngine
import ExecModel
import HostBoxes
import Testing

@testable import ContainerBoxes

/// An engine of one test's own, that may be killed: a dockerd with everything its own, or a podman service on the shared
/// storage, which knows no more than the files do.
final class OwnEngine {
  let kind: EngineKind
  let image: String
  private let folder: String
  private let home: String
  private let run = EngineRun()
  private let box = LocalBox()
  private var daemon: ExecutionID?

  init(_ kind: EngineKind) throws {
    self.kind = kind
    home = try #require(RealEngine.folder)
    image = kind == .docker ? "boxwatch-test" : "localhost/boxwatch-test"
    folder = home + "/own-\(kind.rawValue)-" + String(UInt16.random(in: .min ... .max), radix: 36)
    try shell("mkdir -p \(folder)")
    try start()
    if kind == .docker { try shell("tar -C \(home)/rootfs -c . | docker -H unix://\(socket) import - \(image)") }
  }

  deinit {
    if let daemon {
      try? run.engine.signal(daemon, .terminate)
      _ = try? run.end(daemon)
    }
    // A killed dockerd leaves its containers and their keepers behind.
    try? shell(
      "if cd \(folder)/exec/runtime-runc/moby; then for id in *; do runc --root . delete -f $id; done; fi; exit 0")
    try? shell("pgrep -f '^[^ ]*containerd-shim.* \(folder)/' | xargs -r kill")
    try? shell("awk '$2 ~ \"^\(folder)/\" { print $2 }' /proc/mounts | sort -r | xargs -r umount -l; rm -rf \(folder)")
  }

  private var socket: String { folder + "/s" }

  var real: RealEngine { RealEngine(kind: kind, socket: socket) }

  private func shell(_ script: String) throws {
    let id = try run.start(script, in: box)
    let conclusion = try run.end(id)
    try #require(conclusion.outcome.status == .exited(0), "\(script): \(run.text(.stderr, id))")
  }

  /// Starts the engine, and returns when it answers.
  func start() throws {
    let pod = "CONTAINERS_CONF=\(home)/pod/containers.conf CONTAINERS_STORAGE_CONF=\(home)/pod/storage.conf"
    let command =
      switch kind {
      case .docker:
        """
        rm -rf \(folder)/pid \(folder)/exec/containerd; exec dockerd --host unix://\(socket) --data-root \(folder)/root --exec-root \(folder)/exec \
        --pidfile \(folder)/pid --iptables=false --ip6tables=false --bridge=none --ip-forward=false --ip-masq=false
        """
      case .podman: "rm -f \(socket); \(pod) exec podman system service --time=0 unix://\(socket)"
      }
    daemon = try run.start(command, in: box)
    try shell(
      "for i in $(seq 300); do docker -H unix://\(socket) version >/dev/null 2>&1 && exit; sleep 0.1; done; exit 1")
  }

  /// Ends the engine as a crash does.
  func kill() throws {
    guard let daemon else { return }
    self.daemon = nil
    try run.engine.signal(daemon, .kill)
    _ = try run.end(daemon)
  }
}

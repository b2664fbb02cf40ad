import BoxLiteServer
import ExecEngine
import ExecModel
import HostBoxes
import Journal
import TestSupport

/// A client in a process of its own: as another user, or in a sandbox.
struct ClientProcess {
  /// Prints the status of one request, and then the answer's last line.
  private static let code = """
    import os, socket, sys
    user, target, token, path = sys.argv[1:]
    if int(user):
        os.setgroups([])
        os.setuid(int(user))
    if target.startswith("unix:"):
        client = socket.socket(socket.AF_UNIX)
        client.connect(target[5:])
    else:
        host, port = target.rsplit(":", 1)
        client = socket.socket(socket.AF_INET6 if "[" in host else socket.AF_INET)
        client.connect((host.strip("[]"), int(port)))
    head = f"GET {path} HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n"
    if token:
        head += f"Authorization: Bearer {token}\\r\\n"
    text = b""
    try:
        client.sendall((head + "\\r\\n").encode())
        while piece := client.recv(65536):
            text += piece
    except (ConnectionResetError, BrokenPipeError):
        pass
    print(text.decode().split(" ")[1] if text else "none", text.decode().rsplit("\\r\\n", 1)[-1])
    """

  /// What stands before the command, such as a sandbox.
  var prefix: [String] = []
  var user = 0
  var token: String?

  /// Sends one request, and returns the status and the body.
  func get(_ path: String = "/v1/me", at address: ListenAddress) throws -> (status: String, body: String) {
    let words = prefix + ["/usr/bin/python3", "-c", Self.code, "\(user)", address.description, token ?? "", path]
    let output = try Self.output(words)
    let parts = output.split(separator: " ", maxSplits: 1).map(String.init)
    return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
  }

  /// Runs a command to its end, and returns what it printed on both streams.
  static func output(_ command: [String]) throws -> String {
    let folder = ScratchFolder()
    let engine = Engine(stateDirectory: folder.path)
    let id = try engine.start(ExecutionSpec(command: command), in: LocalBox())
    let gate = Gate()
    try engine.wait(id) { _ in gate.open() }
    gate.wait()
    var texts: [[UInt8]] = []
    for stream in ExecStream.allCases {
      var collector = StreamCollector(stream)
      let subscription = try engine.attach(id)
      for event in try subscription.poll() { try collector.take(event, subscription.journal) }
      texts.append(collector.bytes)
    }
    return String(decoding: texts.joined(), as: UTF8.self)
  }
}

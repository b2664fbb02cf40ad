import BoxLiteServer
import ExecEngine
import Glibc
import HostBoxes
import TestSupport

/// The real server over a box that announces the end too early; ends at the end of its input.
@main
enum ExitFirstServer {
  static func main() throws {
    signal(SIGPIPE, SIG_IGN)
    let scratch = ScratchFolder()
    let engine = Engine(stateDirectory: scratch.path)
    let server = try RESTServer(engine, box: ReroutedBox.hasty(LocalBox()), at: .network(host: "127.0.0.1", port: 0))
    let line = Array("listening on \(server.address)\n".utf8)
    _ = write(STDOUT_FILENO, line, line.count)
    while readLine() != nil {}
    server.stop()
  }
}

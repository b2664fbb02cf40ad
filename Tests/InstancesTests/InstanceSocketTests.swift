import BoxLiteServer
import ExecEngine
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Instances

@Suite struct InstanceSocketTests {
  private let scratch = ScratchFolder()

  private var directory: InstanceDirectory { InstanceDirectory(path: scratch.path.appending("boxwatch")) }

  private var engine: Engine { Engine(stateDirectory: scratch.path.appending("state")) }

  @Test func `stopped at any moment it leaves no socket, and none comes later`() {
    for round in 0..<60 {
      let told = Mutex<[String]>([])
      let socket = InstanceSocket.start(.run, engine, after: Int32(round % 3), in: directory) { line in
        told.withLock { $0.append(line) }
      }
      for _ in 0..<(round * 40) { sched_yield() }
      socket.stop()
      socket.stop()
      #expect(ScratchFolder.names(in: directory.path.string).isEmpty)
      #expect(told.withLock { $0 }.isEmpty)
    }
  }

  @Test func `one that is stopped before its time never opens`() {
    let socket = InstanceSocket.start(.run, engine, after: 3_600_000, in: directory)
    socket.stop()
    #expect(access(directory.path.string, F_OK) != 0)
  }

  @Test func `a folder that cannot be used is told in one line, and nothing else happens`() {
    #expect(mkdir(directory.path.string, 0o777) == 0)
    #expect(chmod(directory.path.string, 0o777) == 0)
    let lines = Mutex<[String]>([])
    let told = WakeUp()
    let socket = InstanceSocket.start(.monitor, engine, in: directory) { line in
      lines.withLock { $0.append(line) }
      told.signal()
    }
    #expect(told.wait())
    socket.stop()
    #expect(lines.withLock { $0.count } == 1)
    #expect(lines.withLock { $0.first?.contains("is open to other users") } == true)
    #expect(ScratchFolder.names(in: directory.path.string).isEmpty)
  }
}

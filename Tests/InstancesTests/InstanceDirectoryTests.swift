import BoxLiteServer
import BoxLiteWire
import Console
import ExecEngine
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Instances

@Suite struct InstanceDirectoryTests {
  private let scratch = ScratchFolder()

  private var folder: FilePath { scratch.path.appending("boxwatch") }

  @Test func `the folder is made for the user alone, and a second look finds nothing wrong`() throws {
    let directory = InstanceDirectory(path: folder)
    try directory.prepare()
    try directory.prepare()
    var status = stat()
    #expect(lstat(folder.string, &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o700)
    #expect(try directory.sockets().isEmpty)
  }

  @Test func `a folder that is not there holds nothing, and none is made by looking`() throws {
    #expect(try InstanceDirectory(path: folder).sockets().isEmpty)
    #expect(access(folder.string, F_OK) != 0)
  }

  @Test(arguments: [0o710, 0o701, 0o777, 0o750] as [mode_t])
  func `a folder that others can get into is refused`(mode: mode_t) throws {
    #expect(mkdir(folder.string, 0o700) == 0)
    #expect(chmod(folder.string, mode) == 0)
    let directory = InstanceDirectory(path: folder)
    #expect(throws: Failure.self) { try directory.prepare() }
    #expect(throws: Failure.self) { try directory.sockets() }
    #expect(directory.instances().isEmpty)
  }

  @Test func `a link or a file in its place is refused`() throws {
    #expect(symlink(scratch.path.string, folder.string) == 0)
    #expect(throws: Failure.self) { try InstanceDirectory(path: folder).prepare() }
    unlink(folder.string)
    close(open(folder.string, O_CREAT, 0o600))
    #expect(throws: Failure.self) { try InstanceDirectory(path: folder).prepare() }
  }

  @Test func `a listener is found by process number, and what a dead one left is removed once it is old`() throws {
    let directory = InstanceDirectory(path: folder)
    try directory.prepare()
    let (live, dead, young) = (try #require(bound("70001")), try #require(bound("70002")), try #require(bound("70003")))
    defer { for descriptor in [live, dead, young] { close(descriptor) } }
    #expect(listen(live, 1) == 0)
    for name in ["70001", "70002"] { age(name) }
    #expect(try directory.sockets().map(\.processIdentifier) == [70001])
    #expect(ScratchFolder.names(in: folder.string).sorted() == ["70001.sock", "70003.sock"])
  }

  /// A socket with a name, that no server listens at yet.
  private func bound(_ name: String) -> Int32? {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array(folder.appending("\(name).sock").string.utf8)
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let result = withUnsafePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return result == 0 ? descriptor : nil
  }

  /// Makes a socket a minute old.
  private func age(_ name: String) {
    var times = [timespec(tv_sec: time(nil) - 60, tv_nsec: 0), timespec(tv_sec: time(nil) - 60, tv_nsec: 0)]
    #expect(utimensat(AT_FDCWD, folder.appending("\(name).sock").string, &times, 0) == 0)
  }

  @Test func `an instance is what makes sense of an answer`() {
    let socket = FilePath("/run/1.sock")
    let good = MeReply(
      principal: "boxwatch", processIdentifier: 12, kind: "serve", executionsDirectory: "/state", address: "127.0.0.1:1"
    )
    #expect(Instance(good, at: socket)?.words == "serve 12")
    for change: (inout MeReply) -> Void in [
      { $0.processIdentifier = nil }, { $0.processIdentifier = .max }, { $0.kind = "something" }, { $0.kind = nil },
      { $0.executionsDirectory = nil }, { $0.executionsDirectory = "relative" },
    ] {
      var reply = good
      change(&reply)
      #expect(Instance(reply, at: socket) == nil)
    }
  }

  @Test func `a real socket is asked, and goes with its server`() throws {
    let directory = InstanceDirectory(path: folder)
    try directory.prepare()
    let engine = Engine(stateDirectory: scratch.path.appending("state"))
    // Under another number than our own, which is left out.
    let server = try RESTServer(private: engine, as: .monitor, at: directory.socket(of: 70004).string)
    let found = directory.instances()
    #expect(found.map(\.kind) == [.monitor])
    #expect(found.map(\.processIdentifier) == [getpid()])
    #expect(found.map(\.executionsDirectory) == [engine.executionsDirectory])
    server.stop()
    #expect(ScratchFolder.names(in: folder.string).isEmpty)
  }
}

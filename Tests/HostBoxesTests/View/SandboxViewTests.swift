import ExecEngine
import ExecModel
import Glibc
import Testing

@testable import HostBoxes

/// What a path leads to in a sandbox, before it is made.
@Suite
struct SandboxViewTests {
  private static func view(_ layers: SandboxLayer...) -> SandboxView {
    var view = SandboxView()
    for layer in layers { view.add(layer) }
    return view
  }

  private static func bind(_ source: String, _ target: String) -> SandboxLayer {
    .shown(SandboxBind(source: source, target: target, isReadOnly: true))
  }

  @Test
  func `a later part lies over an earlier one`() {
    let view = Self.view(.own("/home"), .shown("/home/me/project"), .own("/home/me/project/state"))
    #expect(view.place(of: "/home/me") == .own)
    #expect(view.place(of: "/home/you") == .nothing)
    #expect(view.place(of: "/home/me/project/file") == .host("/home/me/project/file"))
    #expect(view.place(of: "/home/me/project/state") == .own)
    #expect(view.place(of: "/home/me/project/state/journal") == .nothing)
    #expect(view.place(of: "/") == .own)
    #expect(view.place(of: "/srv") == .nothing)
  }

  @Test
  func `links lead where they lead in the sandbox`() throws {
    let scratch = Scratch()
    try scratch.file("inside", "here")
    for (name, target) in [
      ("absolute", "/box/inside"), ("up", "../box/inside"), ("out", "/srv/secret"), ("loop", "loop"),
    ] {
      #expect(symlink(target, scratch.path + "/" + name) == 0)
    }
    let view = Self.view(Self.bind(scratch.path, "/box"), .link(at: "/short", to: "box"))
    let inside = SandboxView.Place.host(scratch.path + "/inside")
    for path in ["/box/inside", "/box/absolute", "/box/up", "/short/inside", "/short/up", "/box/../box/./inside"] {
      #expect(view.resolve(path) == inside, "\(path)")
    }
    #expect(view.resolve("/box/out") == .nothing)
    #expect(view.resolve("/box/loop") == .nothing)
  }

  @Test
  func `a place can be mounted on when it exists or is in memory`() throws {
    let view = Self.view(.shown("/usr"), .own("/tmp"))
    for path in ["/usr/bin", "/tmp", "/tmp/new/deep", "/new"] { #expect(view.canMount(at: path), "\(path)") }
    for path in ["/usr/no-such", "/usr/no-such/deep"] { #expect(!view.canMount(at: path), "\(path)") }
  }

  @Test
  func `a path hidden from the sandbox and a missing path have different errors`() throws {
    let scratch = Scratch()
    let tool = try scratch.file("tool", "#!/bin/sh\n", mode: 0o755)
    let view = FileView.sandbox(Self.view(.shown("/usr")))
    #expect(view.look(tool) == .hidden)
    #expect(view.look("/no/such/file") == .failed(ENOENT))
    #expect(view.look("/usr/bin") == .directory(isEnterable: true))
    #expect(view.look("/usr/bin/env") == .file(isExecutable: true))
  }

  @Test
  func `the table of sockets is read, also names with spaces and relative ones`() {
    let table = """
      Num       RefCount Protocol Flags    Type St Inode Path
      0000000000000000: 00000002 00000000 00010000 0001 01 24576 /run/a b.sock
      0000000000000000: 00000003 00000000 00000000 0001 03 24577
      0000000000000000: 00000002 00000000 00010000 0001 01 24578 @hidden
      0000000000000000: 00000002 00000000 00010000 0001 01 24579 relative
      """
    #expect(HostSockets.names(in: table) == ["/run/a b.sock", "relative"])
  }

  @Test
  func `a socket is found by its file, whatever name it was bound by`() throws {
    let scratch = Scratch()
    var folder = scratch.path
    for depth in 0..<10 {
      let path = folder + "/s"
      let socket = try #require(Self.socket(at: path))
      defer { close(socket) }
      let isNear = depth < HostSockets.mostFolders
      #expect(HostSockets.search(scratch.path).contains(path) == isNear, "depth \(depth)")
      #expect(HostSockets.paths(nil).contains(path))
      folder += "/in"
      #expect(mkdir(folder, 0o700) == 0)
    }
    #expect(symlink(scratch.path + "/in", scratch.path + "/link") == 0)
    let linked = try #require(Self.socket(at: scratch.path + "/link/linked"))
    defer { close(linked) }
    #expect(HostSockets.paths(nil).contains(scratch.path + "/in/linked"))
    #expect(rename(scratch.path + "/in/linked", scratch.path + "/moved") == 0)
    #expect(HostSockets.paths(scratch.path).contains(scratch.path + "/moved"))
  }

  private static func socket(at path: String) -> Int32? {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return result == 0 ? descriptor : nil
  }

  @Test
  func `a file that is made for all and tightened afterwards is a secret`() throws {
    let scratch = Scratch()
    let file = try scratch.file("key", "secret", mode: 0o644)
    #expect(HostSecrets.secrets(in: scratch.path) == [])
    #expect(chmod(file, 0o600) == 0)
    #expect(HostSecrets.secrets(in: scratch.path) == [.covered(file)])
  }

  @Test
  func `a home, and what is hidden in one, is not shown as a working directory`() throws {
    let scratch = Scratch()
    for folder in ["home", "home/project", "home/.ssh", "run", "run/in"] {
      #expect(mkdir(scratch.path + "/" + folder, 0o700) == 0)
    }
    let places = PrivatePlaces(
      EnvironmentBlock().setting([
        EnvironmentVariable(name: "HOME", value: scratch.path + "/home"),
        EnvironmentVariable(name: "XDG_RUNTIME_DIR", value: scratch.path + "/run"),
      ]))
    #expect(places.maySee(scratch.path + "/home/project"))
    for folder in ["", "/home", "/home/.ssh", "/run", "/run/in"] {
      #expect(!places.maySee(scratch.path + folder), "\(folder)")
    }
    for folder in ["/", "/home", "/home/other", "/home/other/.config", "/var"] {
      #expect(!places.maySee(folder), "\(folder)")
    }
    #expect(places.maySee("/home/other/project"))
  }
}

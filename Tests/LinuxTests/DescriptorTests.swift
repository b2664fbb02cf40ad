import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Linux

@Suite struct DescriptorTests {
  @Test func `a descriptor is closed with its owner, and not passed to programs`() throws {
    let folder = ScratchFolder()
    var raw: Int32 = -1
    do {
      let file = try Descriptor.open(folder.path.appending("file").string, flags: O_RDWR | O_CREAT, mode: 0o600)
      raw = file.raw
      #expect(fcntl(raw, F_GETFD) & FD_CLOEXEC != 0)
      withExtendedLifetime(file) {}
    }
    // Another test may get the number meanwhile, but not for a file with this name.
    let target = ProcessDirectory(processIdentifier: getpid()).target(ofDescriptor: UInt64(raw))
    #expect(target?.hasPrefix(folder.path.string) != true)
  }

  @Test func `names are relative to the folder`() throws {
    let scratch = ScratchFolder()
    let folder = try Descriptor.open(folder: scratch.path)
    let file = try Descriptor.open("file", in: folder.raw, flags: O_RDWR | O_CREAT, mode: 0o600)
    #expect(ScratchFolder.names(in: scratch.path.string) == ["file"])
    #expect(throws: Errno.noSuchFileOrDirectory) { _ = try Descriptor.open("none", in: folder.raw, flags: O_RDONLY) }
    #expect(throws: Errno.notDirectory) { _ = try Descriptor.open(folder: scratch.path.appending("file")) }
    withExtendedLifetime(file) {}
  }

  @Test func `closing again does nothing, also when the number is in use again`() throws {
    let null = try Descriptor.open("/dev/null", flags: O_RDONLY)
    defer { withExtendedLifetime(null) {} }
    // A high number, which no other test is given meanwhile.
    let number = fcntl(null.raw, F_DUPFD_CLOEXEC, 900)
    try #require(number >= 900)
    var file = Descriptor(raw: number)
    file.close()
    #expect(file.raw == -1 && fcntl(number, F_GETFD) < 0)
    try #require(dup2(null.raw, number) == number)
    defer { close(number) }
    file.close()
    #expect(fcntl(number, F_GETFD) >= 0)
  }

  @Test func `reads and writes are whole, and end at the end of the file`() throws {
    let folder = ScratchFolder()
    let file = try Descriptor.open(folder.path.appending("file").string, flags: O_RDWR | O_CREAT, mode: 0o600)
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
    let written = bytes.withUnsafeBytes { FileCalls.write($0, to: file.raw, at: 5) }
    #expect(written.count == bytes.count && written.error == nil)
    #expect(try FileCalls.size(of: file.raw).length == 10_005)
    var found = [UInt8](repeating: 1, count: 20_000)
    let count = try found.withUnsafeMutableBytes { try FileCalls.read(file.raw, at: 0, into: $0) }
    #expect(count == 10_005 && found.prefix(count) == [0, 0, 0, 0, 0] + bytes)
    #expect(try found.withUnsafeMutableBytes { try FileCalls.read(file.raw, at: .max, into: $0) } == 0)
    let cached = try found.withUnsafeMutableBytes { try FileCalls.readCached(file.raw, at: 5, into: $0) }
    #expect(cached == nil || cached == bytes.count)
  }

  @Test func `what cannot be written is an error with the count so far`() {
    let result = [1, 2, 3].withUnsafeBytes { FileCalls.write($0, to: -1, at: 0) }
    #expect(result.count == 0 && result.error == .badFileDescriptor)
  }

  @Test func `disk space is reserved beyond the end and released within`() throws {
    let folder = ScratchFolder()
    let file = try Descriptor.open(folder.path.appending("file").string, flags: O_RDWR | O_CREAT, mode: 0o600)
    let bytes = [UInt8](repeating: 7, count: 64 << 10)
    _ = bytes.withUnsafeBytes { FileCalls.write($0, to: file.raw, at: 0) }
    #expect(FileCalls.reserve(file.raw, from: 64 << 10, to: 1 << 20) == nil)
    #expect(try FileCalls.size(of: file.raw).length == 64 << 10)
    #expect(FileCalls.punch(file.raw, from: 0, to: 32 << 10) == nil)
    var byte = [UInt8](repeating: 1, count: 1)
    _ = try byte.withUnsafeMutableBytes { try FileCalls.read(file.raw, at: 0, into: $0) }
    #expect(byte == [0])
    #expect(FileCalls.reserve(file.raw, from: 2, to: 1) == nil && FileCalls.punch(file.raw, from: 2, to: 2) == nil)
  }

  @Test func `a limit of this process is explained, and other errors are not`() {
    #expect(Errno.tooManyOpenFiles.limitHint.contains("ulimit -n"))
    #expect(Errno.noSuchFileOrDirectory.limitHint.isEmpty)
  }
}

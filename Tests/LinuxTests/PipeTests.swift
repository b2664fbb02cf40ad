import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Linux

@Suite(.timeLimit(.minutes(10)))
struct PipeTests {
  @Test func `a pipe is above the standard streams, and tells what it holds and whether its writers are gone`() throws {
    var pipe = try Pipe()
    let reading = pipe.reading.raw
    #expect(reading > 2 && pipe.writing.raw > 2)
    #expect(PipeCalls.readableBytes(reading) == 0 && !PipeCalls.isHungUp(reading))
    #expect(write(pipe.writing.raw, "abc", 3) == 3)
    #expect(PipeCalls.readableBytes(reading) == 3)
    pipe.writing.close()
    #expect(PipeCalls.isHungUp(reading) && PipeCalls.readableBytes(reading) == 3)
    PipeCalls.requestCapacity(reading, 1 << 16)
    #expect(try #require(PipeCalls.capacity(reading)) >= 4096)
  }

  @Test func `a moved descriptor has one owner, and a duplicate is another`() throws {
    var pipe = try Pipe()
    let number = pipe.writing.raw
    var copy = try pipe.writing.duplicate()
    var moved = pipe.writing.move()
    #expect(!pipe.writing.isOpen && moved.raw == number && copy.raw != number)
    moved.close()
    #expect(!PipeCalls.isHungUp(pipe.reading.raw))
    copy.close()
    #expect(PipeCalls.isHungUp(pipe.reading.raw))
  }

  @Test func `a shared descriptor is closed with its last reference`() throws {
    var pipe = try Pipe()
    var owners = [SharedDescriptor(pipe.writing.move())]
    owners.append(owners[0])
    owners.removeFirst()
    #expect(!PipeCalls.isHungUp(pipe.reading.raw))
    owners.removeAll()
    #expect(PipeCalls.isHungUp(pipe.reading.raw))
  }

  @Test func `a non-blocking read of an empty pipe returns at once`() throws {
    let pipe = try Pipe()
    try pipe.reading.setNonBlocking(true)
    var byte: UInt8 = 0
    #expect(read(pipe.reading.raw, &byte, 1) == -1 && errno == EAGAIN)
    try pipe.reading.setNonBlocking(false)
    #expect(fcntl(pipe.reading.raw, F_GETFL) & O_NONBLOCK == 0)
    withExtendedLifetime(pipe) {}
  }

  @Test func `a pseudo terminal has its size, and its slave is a terminal with an end-of-file character`() throws {
    let terminal = try PseudoTerminal(rows: 5, columns: 77)
    let slave = try Descriptor.open(terminal.slave, flags: O_RDWR | O_NOCTTY)
    #expect(isatty(slave.raw) == 1)
    var size = winsize()
    #expect(ioctl(slave.raw, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row == 5 && size.ws_col == 77)
    PipeCalls.resize(terminal.master.raw, rows: 6, columns: 78)
    #expect(ioctl(slave.raw, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row == 6 && size.ws_col == 78)
    #expect(PipeCalls.endOfFileCharacter(terminal.master.raw) == 4)
    #expect(PipeCalls.capacity(terminal.master.raw) == nil)
    withExtendedLifetime(slave) {}
  }

  @Test func `an input file is opened without waiting for a writer, and a folder is refused`() throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("fifo").string
    try #require(mkfifo(path, 0o600) == 0)
    let input = try Descriptor.openInput(path)
    #expect(fcntl(input.raw, F_GETFL) & O_NONBLOCK == 0 && input.raw > 2)
    #expect(throws: Errno.isDirectory) { _ = try Descriptor.openInput(folder.path.string) }
    #expect(throws: Errno.noSuchFileOrDirectory) { _ = try Descriptor.openInput(path + "x") }
    withExtendedLifetime(input) {}
  }

  @Test func `the limit allows a few descriptors`() throws {
    let limit = try #require(DescriptorLimit.current)
    #expect(limit > 8 && DescriptorLimit.allows(0) && DescriptorLimit.allows(8))
  }
}

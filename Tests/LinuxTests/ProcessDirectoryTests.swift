import Glibc
import Testing

@testable import Linux

@Suite(.timeLimit(.minutes(10)))
struct ProcessDirectoryTests {
  @Test func `a command's line shows nothing that a terminal would obey, and is short`() throws {
    let long = String(repeating: "é", count: 300)
    let child = try Child(sh: "-c", "echo; read x", "\u{1B}]0;title\u{07}", "\u{202E}", long)
    // Not at once: within execve(2) the line is empty for a moment.
    #expect(child.line() == "")
    let command = ProcessDirectory(processIdentifier: child.processIdentifier).command()
    #expect(command.hasPrefix("sh -c echo; read x \u{FFFD}]0;title\u{FFFD} \u{FFFD} éé"))
    #expect(command.unicodeScalars.count == 200)
    child.kill()
    child.reap()
  }

  @Test func `a process without arguments is shown by its name in brackets`() throws {
    let child = try Child(sh: "-c", "exit 0")
    child.waitForEnd()
    let directory = ProcessDirectory(processIdentifier: child.processIdentifier)
    #expect(directory.command() == "[sh]")
    #expect(directory.state() == UInt8(ascii: "Z"))
    child.reap()
    #expect(directory.command() == "?")
    #expect(directory.state() == nil)
    #expect(directory.startTime() == nil)
  }

  @Test func `the family of a process is its session and its parent`() throws {
    let family = try #require(ProcessDirectory(processIdentifier: getpid()).family())
    #expect(family.session == getsid(0))
    #expect(family.parent == getppid())
    #expect(family.group == getpgrp())
  }

  @Test func `a process's start time lies between boot and now, and its children are found`() throws {
    let before = BootClock.now
    let child = try Child(sh: "-c", "sleep 1000 & echo $!; read x")
    let grandchild = try #require(Int32(child.line()))
    let directory = ProcessDirectory(processIdentifier: child.processIdentifier)
    let start = try #require(directory.startTime()) * BootClock.tick
    #expect(start <= BootClock.now && start + BootClock.tick > before)
    #expect(directory.children() == [grandchild])
    #expect(directory.threads() == [child.processIdentifier])
    #expect(directory.innermostIdentifier() == child.processIdentifier)
    kill(grandchild, SIGKILL)
    child.kill()
    child.reap()
  }

  @Test func `only descriptors that are open for writing are writable, with their targets`() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    let own = ProcessDirectory(processIdentifier: getpid())
    let target = try #require(own.target(ofDescriptor: UInt64(ends[0])))
    #expect(target.hasPrefix("pipe:["))
    let links = own.writableDescriptors().filter { $0.target == target }.map(\.link)
    #expect(links == ["/proc/\(getpid())/fd/\(ends[1])"])
  }

  @Test func `a process that does not exist has nothing`() {
    let none = ProcessDirectory(processIdentifier: Int32.max)
    #expect(none.family() == nil && none.groups() == nil && none.name() == nil && none.link("ns/pid") == nil)
    #expect(none.children().isEmpty && none.arguments().isEmpty && none.writableDescriptors().isEmpty)
  }
}

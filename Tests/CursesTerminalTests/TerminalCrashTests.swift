import Cells
import Glibc
import Testing

@testable import CursesTerminal

/// Each crash happens in a process of its own, on a pty that this process reads.
@Suite(.serialized) struct TerminalCrashTests {
  @MainActor private static func openScreen(on path: String) throws -> CursesScreen {
    let descriptor = open(path, O_RDWR | O_NOCTTY)
    let screen = try CursesScreen(
      input: descriptor, output: descriptor, depth: nil, type: TerminalType(name: "xterm-256color"))
    screen.isMouseOn = true
    screen.show(Grid(height: 24, width: 80))
    return screen
  }

  private static func expectRestored(_ pty: PseudoTerminal, _ found: [UInt32]) {
    let output = pty.readAvailable()
    #expect(output.contains("\u{1B}[?1049h"))
    let end = output.suffix(160)
    for sequence in ["\u{1B}[?1000l", "\u{1B}[?2004l", "\u{1B}[?2026l", "\u{1B}[?25h", "\u{1B}[?1049l"] {
      #expect(end.contains(sequence), "\(sequence.dropFirst())")
    }
    #expect(pty.modes == found)
  }

  @Test(arguments: [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT])
  func `a crash restores the terminal and stays the crash it was`(number: Int32) async throws {
    let pty = try PseudoTerminal()
    let found = pty.modes
    await #expect(processExitsWith: .signal(number)) { [path = pty.path as String, number] in
      let screen = try await Self.openScreen(on: path)
      // abort(3) also where the parent made us ignore the signal.
      if number == SIGABRT { abort() } else { raise(number) }
      await screen.close()
    }
    Self.expectRestored(pty, found)
  }

  @Test func `a bad access and a failed precondition restore it too`() async throws {
    let pty = try PseudoTerminal()
    let found = pty.modes
    await #expect(processExitsWith: .failure) { [path = pty.path as String] in
      let screen = try await Self.openScreen(on: path)
      UnsafeMutablePointer<Int>(bitPattern: 16)?.pointee = 1
      await screen.close()
    }
    Self.expectRestored(pty, found)
    await #expect(processExitsWith: .failure) { [path = pty.path as String] in
      let screen = try await Self.openScreen(on: path)
      let size = await screen.size
      preconditionFailure("size \(size)")
    }
    Self.expectRestored(pty, found)
  }

  @Test func `an exit in the middle restores it`() async throws {
    let pty = try PseudoTerminal()
    let found = pty.modes
    await #expect(processExitsWith: .exitCode(3)) { [path = pty.path as String] in
      let screen = try await Self.openScreen(on: path)
      _ = await screen.size
      exit(3)
    }
    Self.expectRestored(pty, found)
  }
}

import CExecShims
import Glibc
import Synchronization
import Testing

@testable import Linux

/// The signal masks of our threads, and crashes on them.
struct DetachedThreadTests {
  /// Runs `body` on such a thread and returns what it found.
  private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) throws -> Value {
    let (result, done) = (Box<Value>(), try WakeDescriptor())
    let failure = DetachedThread.start(name: "test") {
      result.value.withLock { $0 = body() }
      done.wake()
    }
    #expect(failure == nil)
    #expect(done.wait(milliseconds: 60_000))
    return try #require(result.value.withLock { $0 })
  }

  private final class Box<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }

  private static func isBlocked(_ number: Int32) -> Bool {
    var mask = sigset_t()
    pthread_sigmask(SIG_BLOCK, nil, &mask)
    return sigismember(&mask, number) == 1
  }

  @Test("no fault is blocked, so that each finds its handler", arguments: [4, 5, 6, 7, 8, 11, 31])
  func faults(number: Int32) throws {
    #expect(try !onThread { Self.isBlocked(number) })
  }

  @Test("a signal that ends a program is not blocked, so that it is passed on", arguments: [1, 2, 3, 10, 14, 15, 40])
  func ending(number: Int32) throws {
    #expect(try !onThread { Self.isBlocked(number) })
  }

  @Test("every other signal is blocked", arguments: [SIGTSTP, SIGCONT, SIGWINCH, SIGCHLD, SIGPIPE, SIGTTIN, SIGTTOU])
  func others(number: Int32) throws {
    #expect(try onThread { Self.isBlocked(number) })
  }

  @Test("a stack overflow is reported as a crash")
  func overflow() async {
    let result = await #expect(processExitsWith: .signal(SIGSEGV), observing: [\.standardErrorContent]) {
      cexec_crash_install()
      _ = DetachedThread.start(name: "test") { _ = Self.sink(depth: 0) }
      while true { pause() }
    }
    let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(words.contains("boxwatch: crashed (SIGSEGV)"))
  }

  @inline(never)
  private static func sink(depth: Int) -> Int {
    depth < 0 ? 0 : withUnsafePointer(to: depth) { sink(depth: $0.pointee + 1) } + 1
  }

  @Test("at a crash the groups of commands are killed, and what cannot be ended is named")
  func groups() async {
    let result = await #expect(processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]) {
      cexec_crash_install()
      let forgotten = cexec_crash_watch(1 << 30)
      cexec_crash_forget(forgotten)
      var pid: Int32 = 0
      let words: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
      words.withUnsafeBufferPointer { words in
        "/bin/sleep".withCString { path in
          var request = cexec_spawn_request()
          request.path = path
          request.arguments = words.baseAddress
          request.environment = UnsafePointer(environ)
          (request.input, request.output, request.error) = (-1, STDERR_FILENO, STDERR_FILENO)
          _ = cexec_spawn(&request, &pid)
        }
      }
      _ = cexec_crash_watch(pid)
      _ = cexec_crash_name("7 in a box\u{1B}[2J")
      abort()
    }
    let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    // The command held our standard error: its end was seen, so that the command is gone.
    #expect(
      words.contains(
        "boxwatch: crashed (SIGABRT); the command was killed; these may still be running: 7 in a box?[2J\n"))
  }
}

import BoxwatchUI
import ExecModel
import Glibc
import Testing

@testable import boxwatch

@Suite struct MonitorMailboxTests {
  private func isReadable(_ mailbox: MonitorMailbox) -> Bool {
    var entry = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) == 1
  }

  private func words(_ events: [MonitorEvent]) -> [String] {
    events.map { event in
      switch event {
      case .message(.notice(let text, _)): text
      case .message: "message"
      case .clientStarted(let id): id.description
      case .attached(.failed(let reason)): reason
      case .attached: "attached"
      case .changed(let source): "\(source)"
      }
    }
  }

  @Test func `events of different kinds come out in the order in which they were posted`() throws {
    let mailbox = try MonitorMailbox()
    let id = try #require(ExecutionID("exec-1"))
    mailbox.complain("one")
    mailbox.post(.clientStarted(id))
    mailbox.post(.attached(.failed("three")))
    mailbox.complain("four")
    #expect(words(mailbox.take()) == ["one", "exec-1", "three", "four"])
    #expect(mailbox.take().isEmpty)
  }

  @Test func `a change that is waiting is not added again, and is added again once it was taken`() throws {
    let mailbox = try MonitorMailbox()
    for _ in 0..<1000 { mailbox.post(.changed(.feeds)) }
    mailbox.post(.changed(.clients))
    mailbox.post(.changed(.feeds))
    #expect(words(mailbox.take()) == ["feeds", "clients"])
    mailbox.post(.changed(.feeds))
    #expect(words(mailbox.take()) == ["feeds"])
  }

  @Test func `the descriptor is readable while there is something to take`() throws {
    let mailbox = try MonitorMailbox()
    #expect(!isReadable(mailbox))
    mailbox.post(.changed(.jobs))
    #expect(isReadable(mailbox))
    _ = mailbox.take()
    #expect(!isReadable(mailbox))
  }
}

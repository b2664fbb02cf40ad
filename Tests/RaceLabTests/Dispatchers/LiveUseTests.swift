import ExecModel
import RaceLab
import Testing

/// The dispatchers as a live run uses them: fed with what really happens, asked for what they want done.
@Suite struct LiveUseTests {
  @Test func `until-empty asks for the kernel's buffer at the exit and ends when it has it`() {
    var dispatcher = DispatcherKind.untilEmpty.make()
    #expect(dispatcher.take(.endOfStream(.stderr)) == Answer())
    let exited = dispatcher.take(.exited(.exited(3)))
    #expect(exited.emptying == .stdout)
    #expect(exited.announcements.isEmpty)
    #expect(dispatcher.take(.output(.stdout, chunk: 0)).announcements == [.output(.stdout, chunk: 0)])
    #expect(dispatcher.take(.emptied(.stdout)).announcements == [.exit(.exited(3), truncated: [])])
  }

  @Test func `fixed-timer asks for its timer at the exit`() {
    var dispatcher = DispatcherKind.fixedTimer.make()
    #expect(dispatcher.take(.exited(.exited(0))).startsTimer)
    #expect(dispatcher.take(.deadline).announcements == [.exit(.exited(0), truncated: [])])
    #expect(dispatcher.take(.deadline).announcements.isEmpty)
  }

  @Test func `drain-ordered names what it cuts when its time is up`() {
    var dispatcher = DispatcherKind.drainOrdered.make(drain: .untilIdle(grace: .seconds(1), limit: .seconds(1)))
    _ = dispatcher.take(.waits(waiter: 0))
    _ = dispatcher.take(.endOfStream(.stderr))
    #expect(dispatcher.take(.exited(.exited(0))).startsTimer)
    #expect(dispatcher.take(.deadline).emptying == .stdout)
    #expect(
      dispatcher.take(.emptied(.stdout)).announcements == [
        .exit(.exited(0), truncated: .stdout), .wait(waiter: 0, .exited(0)),
      ])
    #expect(dispatcher.take(.waits(waiter: 1)).announcements == [.wait(waiter: 1, .exited(0))])
  }

  @Test func `a consumer stops at the first terminal announcement`() {
    var consumer = Consumer()
    consumer.take(.output(.stdout, chunk: 0))
    consumer.take(.wait(waiter: 0, .exited(0)))
    consumer.take(.output(.stdout, chunk: 1))
    consumer.take(.exit(.exited(1), truncated: []))
    #expect(consumer.read == PerStream<Int>(stdout: 1))
    #expect(consumer.missed == PerStream<Int>(stdout: 1))
    #expect(consumer.end?.status == .exited(0))
    #expect(!consumer.isOrdered)
  }
}

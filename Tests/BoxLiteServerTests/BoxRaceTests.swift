import BoxLiteWire
import ExecEngine
import ExecModel
import Synchronization
import TestSupport
import Testing

@testable import BoxLiteServer

/// A box that goes between its opening and the start of a command in it.
@Suite struct BoxRaceTests {
  /// What happens while a command starts; set when there is a box to do it to.
  private final class Meanwhile: Sendable {
    let action = Mutex<(@Sendable () -> Void)?>(nil)
  }

  @Test(arguments: [true, false])
  func `a command whose box is removed while it starts is refused and killed`(isRemoved: Bool) throws {
    let folder = ScratchFolder()
    let timers = ManualTimers()
    let meanwhile = Meanwhile()
    let box = ScriptedBox { _ in meanwhile.action.withLock { $0 }?() }
    let boxes = OwnBoxes(box)
    let store = Store(Engine(stateDirectory: folder.path, timers: timers), ServerConfiguration()) { timers.now() }
    let service = Service(store: store, boxes: boxes)
    let id = try boxes.create(CreateBoxBody(body: Array(#"{"image":"x"}"#.utf8))).id
    meanwhile.action.withLock { action in
      action = {
        // Only the box: the code that ends its commands has looked already.
        if isRemoved { _ = try? boxes.remove(id, force: true) } else { _ = try? boxes.stop(id) }
      }
    }
    let refusal = #expect(throws: ErrorReply.self) {
      try service.answer(
        Request(method: "POST", target: "/v1/boxes/\(id)/exec", body: Array(#"{"command":"x"}"#.utf8)))
    }
    #expect(refusal?.kind == (isRemoved ? .notFound : .stopped))
    #expect(box.process.requests.contains { if case .signal(.kill) = $0 { true } else { false } })
  }
}

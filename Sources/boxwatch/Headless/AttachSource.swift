import ContainerBoxes
import ExecEngine
import ExecModel
import Journal

/// What an attach without a screen reads from and writes to.
struct AttachSource {
  /// What stands for it in lines for programs.
  let id: ExecutionID
  /// Where it goes on when we leave.
  let place: String
  /// Its name.
  let title: String
  /// Its record.
  let journal: JournalReader
  /// Its input; nil when it has none, or none is to be written.
  let input: (any CommandInput)?
  /// What is to be known of its output beforehand, in one line; nil for one that can be had.
  var note: String?
  /// What others run beside it, followed when wanted.
  var others: [OtherExecs] = []
  /// A cursor from the first byte on.
  let makeCursor: () throws -> any EventCursor
  /// Lets go of it; the command goes on.
  let letGo: () -> Void

  /// An execution of this machine.
  ///
  /// - Throws: `JournalError` when its journal is gone.
  init(_ execution: ListedExecution, allowsInput: Bool) throws {
    let journal = try JournalReader(opening: execution.directory)
    self.journal = journal
    (id, title, place) = (execution.id, execution.title, execution.id.description)
    guard allowsInput, execution.state.isLive, execution.takesInput else {
      (input, letGo) = (nil, {})
      makeCursor = { JournalTail(journal) }
      return
    }
    do {
      let control = try RemoteControl(execution)
      (input, letGo) = (control.input, { control.input.close() })
    } catch {
      // Without a socket to write to there is still everything to read.
      (input, letGo) = (RefusedInput(reason: "\(error)"), {})
    }
    makeCursor = { JournalTail(journal) }
  }

  /// An execution on a BoxLite server or a container's main process, recorded here on the way.
  ///
  /// - Throws: ``Failure`` when it cannot be attached to.
  init(_ attachment: any AttachableBox, _ session: Session, allowsInput: Bool) throws {
    let engine = session.engine
    do {
      let spec = try attachment.spec()
      let id = try engine.start(spec, in: attachment)
      if let reason = try engine.snapshot(id).startError { throw Failure(reason) }
      (self.id, place) = (id, attachment.place)
      note = (attachment as? ExecAttachment)?.hiddenOutput
      title = spec.command.joined(separator: " ")
      journal = try engine.reader(id)
      input = allowsInput && attachment.capabilities.contains(.input) ? EngineInput(engine: engine, id: id) : nil
      makeCursor = { try engine.attach(id, needsEveryByte: true) }
      letGo = { try? engine.detach(id) }
    } catch let error as BoxError {
      throw Failure(error.description)
    } catch let error as EngineError {
      throw Failure(error.description)
    }
  }
}

extension ListedExecution {
  /// Whether its command's input can be written to.
  var takesInput: Bool { spec.input == .pipe || spec.terminal != nil }
}

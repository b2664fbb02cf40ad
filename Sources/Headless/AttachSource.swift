import Console
import ContainerBoxes
package import ExecEngine
import ExecModel
package import Instances
import Journal

/// The execution that an attach without a screen reads from and writes to.
package struct AttachSource {
  /// Its identifier in JSON lines.
  let id: ExecutionID
  /// Where the execution goes on after a detach.
  let place: String
  /// Its name.
  let title: String
  /// Its record.
  let journal: JournalReader
  /// Its input; nil when it has none, or when attached without input.
  let input: (any CommandInput)?
  /// A one-line note about its output, shown first; nil when the output can be read.
  var note: String?
  /// The execs of other clients in its container, followed on request.
  package var others: [OtherExecs] = []
  /// Creates a cursor at the first event.
  let makeCursor: () throws -> any EventCursor
  /// Detaches; the command goes on.
  let detach: () -> Void

  /// Opens an execution of this machine.
  ///
  /// - Throws: `JournalError` when its journal is gone.
  package init(_ execution: ListedExecution, _ instances: InstanceDirectory, allowsInput: Bool) throws {
    let journal = try JournalReader(opening: execution.directory)
    self.journal = journal
    (id, title, place) = (execution.id, execution.title, execution.id.description)
    guard allowsInput, execution.state.isLive, execution.takesInput else {
      (input, detach) = (nil, {})
      makeCursor = { JournalTail(journal) }
      return
    }
    do {
      let control = try RemoteControl(execution, instances)
      (input, detach) = (control.input, { control.input.close() })
    } catch {
      // Without a socket for the input, the output can still be read.
      (input, detach) = (RefusedInput(reason: "\(error)"), {})
    }
    makeCursor = { JournalTail(journal) }
  }

  /// Attaches to an execution on a BoxLite server or to a container's main process, recorded here.
  ///
  /// - Throws: ``/Console/Failure`` when it cannot be attached to.
  package init(_ attachment: any AttachableBox, _ engine: Engine, allowsInput: Bool) throws {
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
      detach = { try? engine.detach(id) }
    } catch let error as BoxError {
      throw Failure(error.description)
    } catch let error as EngineError {
      throw Failure(error.description)
    }
  }
}

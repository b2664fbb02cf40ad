import BoxwatchUI
import ExecEngine
import ExecModel
import Journal
import SystemPackage

// Executions of elsewhere: found and opened on threads of their own, since files and sockets may take their time.
extension Monitor {
  /// What came of an attach.
  typealias Attached = Result<Attachment, Failure>

  func listExecutions() {
    let mailbox = mailbox
    EngineThread.start(name: "boxwatch-list") {
      let now = WallClock.now
      let list = (try? ExecutionFinder())?.list()
      mailbox.post(.listing(list?.executions.map { PickerEntry($0, now: now) } ?? []))
    }
  }

  func attach(_ target: PickerTarget) {
    switch target {
    case .journal(_, let folder): open(FilePath(folder))
    case .remote(let text): send(.startRefused("cannot attach to \(text) yet"))
    }
  }

  private func open(_ folder: FilePath) {
    let attachments = attachments
    EngineThread.start(name: "boxwatch-attach") {
      do {
        attachments.post(.success(try Attachment(folder)))
      } catch {
        attachments.post(.failure(Failure("cannot attach: \(error)")))
      }
    }
  }

  /// Shows what was opened since the last call.
  func takeAttachments() {
    for attached in attachments.take() {
      switch attached {
      case .success(let attachment): show(attachment)
      case .failure(let failure): send(.startRefused(failure.description))
      }
    }
  }

  func show(_ attachment: Attachment) {
    let (id, spec) = (attachment.listed.id, attachment.listed.spec)
    guard feeds[id] == nil else { return }
    feeds.add(ExecutionFeed(id, JournalTail(attachment.journal), wake))
    pace.hasNews = true
    send(
      .added(
        id, spec, box: attachment.listed.identity.box, created: attachment.created, origin: attachment.origin,
        limits: attachment.limits))
  }
}

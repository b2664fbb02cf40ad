import BoxLiteClient
import BoxwatchUI
import Console
import ContainerBoxes
import ExecEngine
import ExecModel
import Instances
import Journal
import Linux
import SystemPackage
import Widgets

/// The result of an attach.
enum AttachResult: Sendable {
  case local(Attachment)
  case remote(RemoteAttachment)
  /// An exec of another client in a watched container.
  case found(ExecAttachment)
  case failed(String)
}

// Executions of other processes and hosts, found and opened on background threads because files and
// sockets may block.
extension Monitor {
  /// Runs `body` on a new thread; shows a notice when no thread can be created.
  func inBackground(_ name: String, _ body: @escaping @Sendable () -> Void) {
    guard let failure = DetachedThread.start(name: name, body) else { return }
    mailbox.complain(Failure.noThread(failure))
  }

  func listExecutions() {
    let (mailbox, remote) = (mailbox, remoteListing)
    inBackground("boxwatch-list") {
      let now = WallClock.now
      let list = (try? ExecutionFinder())?.list()
      let local = list?.executions.map { PickerEntry($0, now: now) } ?? []
      mailbox.post(.listing(local + remote.entries()))
    }
  }

  func attach(_ target: PickerTarget) {
    switch target {
    case .journal(_, let folder): open { .local(try Attachment(FilePath(folder))) }
    case .remote(let text): open(text)
    }
  }

  func attach(_ request: AttachRequest, allowsInput: Bool) {
    switch request {
    case .local(let execution):
      requested.append(execution.id)
      open { .local(try Attachment(execution.directory, allowsInput: allowsInput)) }
    case .remote(let attachment): open(attachment, isRequested: true)
    case .execs(let watch): begin(watch)
    }
  }

  private func begin(_ watch: ExecWatch) {
    watches.append(watch)
    let mailbox = mailbox
    open {
      try watch.start(
        found: { mailbox.post(.attached(.found($0))) },
        ended: { reason in
          guard let reason else { return }
          mailbox.complain("commands in \(watch.name) are no longer watched: \(reason)")
        })
      return nil
    }
  }

  private func open(_ text: String) {
    do {
      open(try session.boxes.remote.attachment(to: BoxLiteTarget(text: text)))
    } catch {
      send(.startRefused("cannot attach: \(error)"))
    }
  }

  private func open(_ attachment: any AttachableBox, isRequested: Bool = false, isQuiet: Bool = false) {
    let (engine, mailbox) = (session.engine, mailbox)
    open {
      guard let spec = isQuiet ? try? attachment.spec() : try attachment.spec() else { return nil }
      try OwnStart.$isUnderWay.withValue(true) {
        try engine.start(spec, in: attachment) { id in
          let subscription = try engine.attach(id)
          let attached = RemoteAttachment(
            id: id, spec: spec, attachment: attachment, subscription: subscription, isRequested: isRequested)
          mailbox.post(.attached(.remote(attached)))
        }
      }
      return nil
    }
  }

  private func open(_ body: @escaping @Sendable () throws -> AttachResult?) {
    let mailbox = mailbox
    inBackground("boxwatch-attach") {
      do {
        if let attached = try body() { mailbox.post(.attached(attached)) }
      } catch {
        mailbox.post(.attached(.failed("cannot attach: \(error)")))
      }
    }
  }

  func take(_ attached: AttachResult) {
    switch attached {
    case .local(let attachment): show(attachment)
    case .remote(let remote): show(remote)
    // An exec that ended before it could be attached to is not an error.
    case .found(let exec): open(exec, isQuiet: true)
    case .failed(let reason): send(.startRefused(reason))
    }
  }

  private func show(_ attachment: Attachment) {
    let (id, spec, mailbox) = (attachment.listed.id, attachment.listed.spec, mailbox)
    guard feeds[id] == nil else { return }
    show(
      id, JournalTail(attachment.journal),
      .added(
        id, spec, box: attachment.listed.identity.box, created: attachment.created, origin: attachment.origin,
        limits: attachment.limits),
      by: attachment.control.map { SocketControl($0, complain: mailbox.complain) })
  }

  private func show(_ remote: RemoteAttachment) {
    if remote.isRequested { requested.append(remote.id) }
    show(
      remote.id, remote.subscription,
      .added(
        remote.id, remote.spec, box: remote.attachment.boxName, created: MonotonicClock.now, origin: remote.origin,
        limits: remote.limits),
      by: engineControl(remote.id))
  }
}

extension PickerEntry {
  /// Creates the picker entry of a listed execution; `now` is the wall-clock time in nanoseconds
  /// since 1970.
  init(_ listed: ListedExecution, now: UInt64) {
    self.init(
      target: .journal(listed.id, folder: listed.directory.string), state: listed.state,
      age: now - min(now, listed.identity.created), box: listed.boxTitle, place: listed.whereabouts,
      title: listed.spec.name ?? CommandWords.joined(listed.spec.command))
  }
}

/// Marks starts made by the monitor itself, on any thread; all other starts are clients'.
enum OwnStart {
  /// Whether this thread is starting an execution for the monitor; outside of a task the value is
  /// thread-local.
  @TaskLocal static var isUnderWay = false
}

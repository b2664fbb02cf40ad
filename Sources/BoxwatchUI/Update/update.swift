/// Takes one message into the model and says what is to be done.
///
/// Pure given the text: no clock, no file, no global state. `text` finds the streams that scrolling and searching need.
public func update(_ model: inout Model, _ message: Message, text: TextLookup) -> [Effect] {
  var effects: [Effect] = []
  switch message {
  case .key(let key): effects = model.take(key, text)
  case .resized(let rows, let columns): model.resize(rows: rows, columns: columns)
  case .tick(let now, let clock): effects = model.tick(now: now, clock: clock)
  case .added(let id, let spec, let box, let created, let origin, let limits):
    effects = model.add(id, spec, box: box, created: created, origin, limits)
  case .queued(let commands): model.add(waiting: commands)
  case .unlisted(let count): model.unlisted = count
  case .begun(let waiting, let id, let created): model.begin(waiting, as: id, created: created)
  case .unqueued(let id): model.drop(waiting: id)
  case .event(let id, let record): model.take(record, of: id, text)
  case .unstartable(let id, let reason): model.change(id) { $0.startError = reason }
  case .limited(let id, let limits): model.change(id) { $0.limits = limits }
  case .interrupted(let id): model.change(id) { $0.interrupt() }
  case .recordStalled(let id, let number): model.change(id) { $0.take(recordStall: number) }
  case .listing(let entries): model.take(listing: entries)
  case .boxes(let found, let isComplete): model.take(boxes: found, isComplete: isComplete)
  case .server(let status): model.server = status
  case .leaving: model.leaveAttached()
  case .holders(let id, let holders): model.change(id) { $0.holders = $0.isOver ? [] : holders }
  case .usage(let commands, let boxes): model.take(usage: commands, boxes: boxes)
  case .notice(let text, let isError): model.say(text, isError: isError)
  case .startRefused(let reason): model.refuseStart(reason)
  case .inputTaken(let id): model.change(id) { $0.pendingWrites = max(0, $0.pendingWrites - 1) }
  case .held(let snapshot): model.lab?.hold.snapshot = snapshot
  case .holdRefused(let reason): model.lab?.refuseHold(reason)
  case .proceed: effects = model.proceed(text)
  }
  if case .tick = message {} else { model.needsDisplay = true }
  return effects + model.resizeTerminal()
}

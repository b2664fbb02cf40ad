import Cells
import ExecModel

extension Model {
  /// What is to be measured now: the executions that the screen shows, as long as it has a column for that.
  var usageTargets: [UsageTarget] {
    guard lab == nil else { return [] }
    let layout = Layout(self)
    guard layout.list != nil else { return [] }
    let shown = ListOrder.visible(self, height: layout.listRows.height)
    guard ListColumns(self, rows: shown, width: layout.listRows.width).usage > 0 else { return [] }
    return shown.map { rows[$0] }.filter { !$0.isOver && !$0.isWaiting }.map { row in
      UsageTarget(
        id: row.id, box: row.box, processIdentifier: row.processIdentifier,
        created: row.created, holders: row.holders.map(\.processIdentifier))
    }
  }

  /// Takes what was measured.
  mutating func take(usage commands: [ExecutionID: UsageSample], boxes: [String: UsageSample]) {
    for (id, sample) in commands { change(id) { $0.usage.take(sample) } }
    for (name, sample) in boxes { boxUsages[name, default: UsageHistory()].take(sample) }
    // A box whose commands nobody sees is not measured; its past would be shown as its present later.
    boxUsages = boxUsages.filter { boxes[$0.key] != nil }
  }
}

import BoxwatchUI

// The race lab's held command.
extension Monitor {
  func open(_ lab: LabModel, holding command: [String]?) {
    guard let command else { return model.open(lab) }
    for effect in model.openHolding(lab, command: command) { perform(effect) }
  }

  func hold(_ request: HoldRequest) {
    switch request {
    case .start(let command): startHolding(command)
    case .toggle(let gate): held?.toggle(gate)
    case .releaseAll: held?.releaseAll()
    case .end: endHolding()
    }
    readHeld()
  }

  func startHolding(_ command: [String]) {
    endHolding()
    do {
      held = try HeldExecution(command, wake: wake)
    } catch {
      send(.holdRefused("\(error)"))
    }
  }

  func endHolding() {
    held?.end()
    held = nil
  }

  func readHeld() {
    guard let snapshot = held?.snapshot, snapshot != model.lab?.hold.snapshot else { return }
    send(.held(snapshot))
  }
}

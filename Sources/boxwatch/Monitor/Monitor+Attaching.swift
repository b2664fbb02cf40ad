import BoxwatchUI
import ExecEngine
import ExecModel

// Executions of elsewhere.
extension Monitor {
  func listExecutions() { send(.listing([])) }

  func attach(_ target: PickerTarget) { send(.startRefused("cannot attach yet")) }
}

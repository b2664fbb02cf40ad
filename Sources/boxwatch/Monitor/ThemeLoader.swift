import BoxwatchUI
import ExecEngine
import Synchronization

/// Reads all themes for the picker on a thread of its own: parsing them takes longer than several frames.
final class ThemeLoader: Sendable {
  private let hasStarted = Atomic<Bool>(false)
  private let themes = Mutex<[Theme]?>(nil)

  /// Starts reading, the first time; `wake` is woken when it is done.
  func start(_ store: ThemeStore, waking wake: WakeDescriptor) {
    guard !hasStarted.exchange(true, ordering: .relaxed) else { return }
    EngineThread.start(name: "boxwatch-themes") {
      let read = store.readable()
      self.themes.withLock { $0 = read }
      wake.wake()
    }
  }

  /// The themes, once, when they are there.
  func take() -> [Theme]? {
    themes.withLock { themes in
      defer { themes = nil }
      return themes
    }
  }
}

import ExecModel
import RaceLab

/// An owner with one chosen fault, everything else as drain-ordered does it.
struct FaultyOwner: Dispatcher {
  enum Fault: CaseIterable {
    case dropsAChunk, doublesAChunk, forgetsTheEnd, exitsTwice, forgetsAWaiter, answersTwice, answersEarly, hidesTheCut
  }

  let fault: Fault
  private var right = DrainOrdered(policy: .untilIdle(grace: .seconds(1), limit: .seconds(1)))

  init(_ fault: Fault) { self.fault = fault }

  mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    let answer = right.take(happening)
    if answer.startsTimer { output.startTimer() }
    output.emptyKernel(answer.emptying)
    for announcement in answer.announcements {
      for changed in change(announcement) { output.announce(changed) }
    }
  }

  private func change(_ announcement: Announcement) -> [Announcement] {
    switch (fault, announcement) {
    case (.dropsAChunk, .output(.stderr, 0)), (.forgetsTheEnd, .exit), (.forgetsAWaiter, .wait(0, _)): []
    case (.doublesAChunk, .output), (.exitsTwice, .exit), (.answersTwice, .wait): [announcement, announcement]
    case (.answersEarly, .exit(let status, _)): [.wait(waiter: 0, status), announcement]
    case (.hidesTheCut, .exit(let status, _)): [.exit(status, truncated: [])]
    default: [announcement]
    }
  }
}

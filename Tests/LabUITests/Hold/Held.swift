import ExecModel
import LabUI
import RaceLab

/// Held commands as the executable would tell of them.
enum Held {
  /// The default command after its exit, all gates closed.
  static var exited: HeldSnapshot {
    var snapshot = HeldSnapshot(
      ["sh", "-c", "echo first-output && exit 0"], holding: Set(HeldGate.allCases), kinds: HeldSnapshot.kinds)
    snapshot.processIdentifier = 4711
    snapshot.activity = .ended
    for stream in ExecStream.allCases {
      snapshot[stream].capacity = 65536
      snapshot[stream].isEndWaiting = true
    }
    snapshot.pipes.stdout.unread = 13
    snapshot.exit.status = .exited(0)
    snapshot.moments = [
      HeldMoment(time: 1_200_000, .started(4711)), HeldMoment(time: 2_500_000, .exited(.exited(0))),
    ]
    return snapshot
  }

  /// The same after the exit was let go: lost on the left, held back on the right.
  static var lost: HeldSnapshot {
    var snapshot = exited
    snapshot.exit.isHeld = false
    snapshot.exit.isTold = true
    var consumer = Consumer()
    consumer.take(.exit(.exited(0), truncated: []))
    for index in snapshot.sides.indices { snapshot.sides[index].heardExit = true }
    snapshot.sides[0].told = [.terminal(.exit(.exited(0), truncated: []))]
    snapshot.sides[0].end = consumer.end
    snapshot.sides[0].endTime = 510_600_000
    snapshot.sides[0].lost.stdout = 13
    snapshot.moments.append(HeldMoment(time: 510_600_000, .released(.exit)))
    return snapshot
  }

  /// A command that has filled its pipe.
  static var full: HeldSnapshot {
    var snapshot = HeldSnapshot(["seq", "1", "200000"], holding: [.stdout], kinds: HeldSnapshot.kinds)
    snapshot.pipes.stdout.capacity = 65536
    snapshot.pipes.stdout.unread = 65536
    snapshot.activity = .blockedInWrite(.stdout, processIdentifier: 4712)
    return snapshot
  }
}

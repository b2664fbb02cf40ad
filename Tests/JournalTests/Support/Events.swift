import ExecModel

/// Every kind of event, with the values at the edges of their fields.
enum Events {
  static let failures: [StartFailure] = [
    .notFound, .notExecutable, .badDirectory, .badName, .argumentListTooLong, .system(13), .system(.min), .box,
  ]

  static let statuses: [ExitStatus] =
    [
      .exited(0), .exited(255), .exited(-1), .signalled(9, coreDumped: false), .signalled(11, coreDumped: true),
      .timedOut, .forceClosed, .lost, .detached, .unknown(10), .unknown(.min),
    ] + failures.map(ExitStatus.startFailed)

  static let all: [ExecutionEvent] =
    [
      .started(processIdentifier: nil), .started(processIdentifier: 0), .started(processIdentifier: .max),
      .timeLimitElapsed, .forceClosed, .drainDeadlineElapsed, .connectionLost, .detached, .wait(waiter: 0),
      .wait(waiter: .max),
    ]
    + ExecStream.allCases.flatMap { stream in
      [
        .output(stream, range: 0..<0, lines: 0), .output(stream, range: 1..<UInt64.max, lines: .max),
        .output(stream, range: 0..<7, lines: 3, endsLine: true),
        .output(stream, range: 0..<7, lines: 3, endsLine: false),
        .endOfStream(stream), .streamEmptied(stream), .evicted(stream, upTo: 1 << 40),
        .stalled(stream, errno: 28), .stalled(stream, errno: 0), .resumed(stream),
        .streamEmptied(stream, .held(by: 7)), .gap(stream, at: 0, .joinedLate), .gap(stream, at: .max, .unprovenEnd),
      ]
    }
    + failures.map(ExecutionEvent.startFailed) + statuses.map(ExecutionEvent.exited)
    + statuses.flatMap { status in
      [StreamSet(), .stdout, .stderr, .both].map { cut in
        .exit(
          Conclusion(
            outcome: Outcome(status: status, truncated: cut), bytes: PerStream<UInt64>(stdout: 1, stderr: .max),
            evicted: PerStream<UInt64>(stdout: 1 << 50, stderr: 3), unproven: cut))
      }
    }
}

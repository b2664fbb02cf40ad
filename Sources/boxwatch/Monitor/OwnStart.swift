/// Marks the starts that the monitor itself asks for, on whichever thread: all others are clients'.
enum OwnStart {
  /// Whether this thread is starting something for the monitor; outside of a task the value is the thread's own.
  @TaskLocal static var isUnderWay = false
}

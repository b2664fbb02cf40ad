import CExecShims
import Glibc

/// What the kernel holds of a stream that nobody has read yet.
package struct PipeLevel: Hashable, Sendable {
  /// Bytes that can be read now (FIONREAD, pipe(7)).
  package let unread: UInt64
  /// Bytes that fit (F_GETPIPE_SZ, fcntl(2)); nil for a terminal, which does not say.
  package let capacity: UInt64?
  /// Whether every writer is gone, so that the end of the stream comes after those bytes.
  package let isEnded: Bool

  /// Looks at a reading end.
  init(reading descriptor: Int32) {
    unread = cexec_readable_bytes(descriptor)
    let size = cexec_pipe_size(descriptor)
    capacity = size < 0 ? nil : UInt64(size)
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    isEnded = poll(&request, 1, 0) > 0 && request.revents & Int16(POLLHUP) != 0
  }
}

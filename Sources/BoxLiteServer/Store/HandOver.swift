/// What is known of the exit frame's arrival.
enum HandOver {
  /// It was not sent, or the connection ended in a way that may have taken it.
  case open
  /// The client hung up in order after the kernel had it: it has read it, unless something between us hung up.
  case likely
  /// The client answered what came after it.
  case sure
}

import Glibc

/// Descriptors 0, 1 and 2, which a caller may have closed.
enum StandardDescriptors {
  /// Opens those that are closed, so that no journal or event queue gets their numbers and is taken for one of them.
  ///
  /// All for reading only: a closed input is at its end, and a write to a closed output fails as it should.
  static func fill() {
    while true {
      let descriptor = open("/dev/null", O_RDONLY)
      guard descriptor > STDERR_FILENO || descriptor < 0 else { continue }
      if descriptor >= 0 { close(descriptor) }
      return
    }
  }
}

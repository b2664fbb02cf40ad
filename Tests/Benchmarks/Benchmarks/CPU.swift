import BenchmarkBaseline
import Glibc

/// Which cores this process and its children may use.
enum CPU {
  /// Binds every thread to one core.
  static func pin(to core: Int32) { for thread in threads { baseline_pin(thread, core) } }

  /// Gives all cores back.
  static func unpin() { pin(to: -1) }

  /// The numbers of this process's threads.
  static var threads: [pid_t] {
    guard let folder = opendir("/proc/self/task") else { return [] }
    defer { closedir(folder) }
    var numbers: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if let number = pid_t(name) { numbers.append(number) }
    }
    return numbers
  }
}

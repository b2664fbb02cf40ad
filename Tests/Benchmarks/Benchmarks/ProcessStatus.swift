import Glibc

/// Figures of `/proc/PID/status` and `/proc/PID/stat` (proc(5)).
struct ProcessStatus {
  /// Number of threads.
  var threads = 0
  /// Resident memory now, in bytes.
  var resident = 0
  /// Most resident memory so far, in bytes.
  var peakResident = 0
  /// User and system time so far, in nanoseconds.
  var processorTime: UInt64 = 0

  /// Reads a process's figures; zeros when it is gone.
  static func of(_ process: String) -> ProcessStatus {
    var status = ProcessStatus()
    for line in text("/proc/\(process)/status").split(separator: "\n") {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.count > 1, let value = Int(words[1]) else { continue }
      switch words[0] {
      case "Threads:": status.threads = value
      case "VmRSS:": status.resident = value * 1024
      case "VmHWM:": status.peakResident = value * 1024
      default: break
      }
    }
    let fields = text("/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ") ?? []
    if fields.count > 12, let user = UInt64(fields[11]), let system = UInt64(fields[12]) {
      status.processorTime = (user + system) * 1_000_000_000 / UInt64(sysconf(Int32(_SC_CLK_TCK)))
    }
    return status
  }

  private static func text(_ path: String) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let count = read(file, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }
}

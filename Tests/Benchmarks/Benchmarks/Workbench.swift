import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import Linux
import SystemPackage

/// What the benchmarks share: an engine on a scratch folder, the producer, the clock.
struct Workbench {
  let folder: FilePath
  let engine: Engine
  let box = LocalBox()
  let producer: String
  let boxwatch: String

  /// Finds the programs beside this one, and makes a scratch folder on the disk that holds the build.
  init() {
    // Absolute: the XDG variables that are made of it are ignored otherwise.
    let here = getcwd(nil, 0).map { String(cString: $0) } ?? "/"
    let own = FilePath(here).pushing(FilePath(CommandLine.arguments[0])).removingLastComponent()
    producer = own.appending("benchmark-producer").string
    boxwatch = own.appending("boxwatch").string
    folder = own.appending("benchmark-scratch-\(getpid())")
    mkdir(folder.string, 0o700)
    engine = Engine(stateDirectory: folder)
  }

  /// Nanoseconds on the monotonic clock.
  static var now: UInt64 { MonotonicClock.now }

  /// Runs a command `count` times at once through the engine, and forgets them.
  ///
  /// - Returns: nanoseconds from before the first start
  ///   to the last end, without the forgetting.
  @discardableResult
  func run(_ command: [String], count: Int = 1) throws -> Double {
    let began = Self.now
    let wake = Semaphore()
    let left = Countdown(count)
    let ids = try (0..<count).map { _ in
      try engine.start(ExecutionSpec(command: command, keep: .all), in: box)
    }
    for id in ids { try engine.wait(id) { _ in if left.finishOne() { wake.signal() } } }
    wake.wait()
    let took = Double(Self.now - began)
    for id in ids { try engine.remove(id) }
    return took
  }

  /// Calls `body` with C's form of a command.
  static func withCommand<Result>(_ words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
    let pointers = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
  }

  /// Deletes the scratch folder.
  func clean() { Self.remove(folder) }

  private static func remove(_ path: FilePath) {
    if let entries = opendir(path.string) {
      while let entry = readdir(entries) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != ".", name != ".." { remove(path.appending(name)) }
      }
      closedir(entries)
    }
    Glibc.remove(path.string)
  }
}

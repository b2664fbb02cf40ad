import ExecModel
import Testing

@Suite struct TextValueTests {
  @Test(arguments: [
    ("500ms", Duration.milliseconds(500)), ("2s", .seconds(2)), ("1.5s", .milliseconds(1500)), ("5m", .seconds(300)),
    ("1h", .seconds(3600)), ("0s", .zero),
  ])
  func `durations are read as they are written everywhere`(text: String, duration: Duration) throws {
    #expect(try Duration(boxwatchText: text) == duration)
  }

  @Test(arguments: ["", "5", "s", "-1s", "1e3s", "2 s", "nans", "99999999999h", "18000000000s", "2d", "١s"])
  func `an invalid duration is refused with the text in the message`(text: String) {
    #expect(throws: TextValueError.self) { try Duration(boxwatchText: text) }
  }

  @Test(arguments: [Duration.milliseconds(250), .seconds(1), .seconds(90), .seconds(120), .seconds(7200), .zero])
  func `a written duration reads back the same`(duration: Duration) throws {
    #expect(try Duration(boxwatchText: duration.boxwatchText) == duration)
  }

  @Test(arguments: ["eof", "empty", "idle=2s,max=10s", "idle=500ms,max=1m"])
  func `drain policies read back as written`(text: String) throws {
    #expect(try DrainPolicy(text: text).text == text)
  }

  @Test func `a drain policy fills in what was left out, and the grace never passes the limit`() throws {
    #expect(try DrainPolicy(text: "idle=1s") == .untilIdle(grace: .seconds(1), limit: .seconds(10)))
    #expect(try DrainPolicy(text: "max=1s") == .untilIdle(grace: .seconds(1), limit: .seconds(1)))
  }

  @Test(arguments: ["", "never", "idle", "idle=", "idle=2s,", "idle=2s,min=1s", ",", "idle=2"])
  func `an invalid drain policy is refused`(text: String) {
    #expect(throws: TextValueError.self) { try DrainPolicy(text: text) }
  }

  @Test func `sizes to keep are read in powers of 1024`() throws {
    #expect(try JournalLimit(text: "4G") == .bytes(4 << 30))
    #expect(try JournalLimit(text: "512m") == .bytes(512 << 20))
    #expect(try JournalLimit(text: "all") == .all)
  }

  @Test(arguments: ["", "G", "4", "1K", "-4G", "99999999999999G", "4ß", "4.5G", "lots"])
  func `an invalid size to keep is refused`(text: String) {
    #expect(throws: TextValueError.self) { try JournalLimit(text: text) }
  }

  @Test func `variables split at the first equals sign`() throws {
    let variable = try EnvironmentVariable(text: "A=b=c")
    #expect(variable == EnvironmentVariable(name: "A", value: "b=c"))
    #expect(throws: TextValueError.self) { try EnvironmentVariable(text: "=x") }
    #expect(throws: TextValueError.self) { try EnvironmentVariable(text: "x") }
    #expect(throws: TextValueError.self) { try EnvironmentVariable(text: "x=\0") }
  }

  @Test func `a combining mark after the equals sign belongs to the value`() throws {
    let value = "\u{301}x"
    #expect(try EnvironmentVariable(text: "A=" + value) == EnvironmentVariable(name: "A", value: value))
  }

  @Test func `a duration of any length is counted and written without a trap`() {
    #expect(Duration.seconds(Int64.max).nanoseconds == .max)
    #expect(
      Duration(secondsComponent: 18_446_744_073, attosecondsComponent: 999_999_999_999_999_999).nanoseconds == .max)
    #expect(Duration.seconds(Int64.max).boxwatchText == Duration.seconds(18_446_744_073).boxwatchText)
    #expect(Duration.seconds(Int64.min).boxwatchText == "0s")
  }

  @Test(arguments: [("TERM", 15), ("sigkill", 9), ("SIGUSR1", 10), ("34", 34), ("1", 1)] as [(String, Int32)])
  func `signals are read by name and number`(text: String, number: Int32) {
    #expect(Signal(text: text)?.number == number)
  }

  @Test(arguments: ["", "0", "65", "-1", "NOPE", "SIG"])
  func `an invalid signal is refused`(text: String) {
    #expect(Signal(text: text) == nil)
  }

  @Test(arguments: ["", "-a", "a/b", "..", "a b", "ä", String(repeating: "a", count: 65)])
  func `an identifier that is not a safe file name is refused`(text: String) {
    #expect(ExecutionID(text) == nil)
  }

  @Test func `a set of streams from a file has no bit without a stream`() {
    for bits in UInt8.min...UInt8.max {
      let set = StreamSet(rawValue: bits)
      #expect(set.isEmpty == set.streams.isEmpty, "bits \(bits)")
    }
  }
}

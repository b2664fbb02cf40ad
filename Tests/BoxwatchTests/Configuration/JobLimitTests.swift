import Testing

@testable import boxwatch

@Suite struct JobLimitTests {
  @Test func `a number of jobs that descriptors do not allow is lowered, and said with what it needs`() {
    #expect(JobLimit.resolved(20, descriptorLimit: 200) == 12)
    #expect(
      JobLimit.warning(20, commands: 30, descriptorLimit: 200)
        == "--jobs 20 needs 272 file descriptors, and 200 are allowed: 12 at a time; raise the limit with ulimit -n")
  }

  @Test(arguments: [1, 20, 99, 100, 101, 1000, 100_000])
  func `the number of descriptors that is said to be needed is enough and not too many`(wish: Int) throws {
    let warning = try #require(JobLimit.warning(wish + 1, commands: .max, descriptorLimit: 64))
    let needed = try #require(warning.split(separator: " ").compactMap { UInt64($0) }.dropFirst().first)
    #expect(JobLimit.resolved(wish + 1, descriptorLimit: needed) == wish + 1)
    #expect(JobLimit.resolved(wish + 1, descriptorLimit: needed - 2) == wish)
  }

  @Test func `nothing is said of the standard, of a wish that is met, and of fewer commands than may run`() {
    #expect(JobLimit.warning(nil, commands: 1000, descriptorLimit: 200) == nil)
    #expect(JobLimit.warning(12, commands: 1000, descriptorLimit: 200) == nil)
    #expect(JobLimit.warning(20, commands: 12, descriptorLimit: 200) == nil)
    #expect(JobLimit.warning(.max, commands: .max, descriptorLimit: 200) != nil)
  }
}

import ExecModel
import TestSupport
import Testing

@testable import BoxLiteClient

@Suite struct ReplaySeamTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func numbers(_ range: Range<Int>) -> [UInt8] { bytes(range.map { "line \($0)\n" }.joined()) }

  @Test func `a short stream is joined at the byte where it was cut`() {
    let all = numbers(0..<100)
    var seam = ReplaySeam(tail: Array(all.prefix(500)), isWhole: true)
    #expect(seam.take(all) == ReplaySeam.Join(news: Array(all[500...])))
  }

  @Test func `nothing is passed on before the whole overlap was seen`() {
    let all = numbers(0..<100)
    var seam = ReplaySeam(tail: Array(all.prefix(500)), isWhole: true)
    for index in 0..<499 { #expect(seam.take([all[index]]) == nil) }
    #expect(seam.take(Array(all[499..<600])) == ReplaySeam.Join(news: Array(all[500..<600])))
  }

  @Test func `a trimmed replay that begins after what was received has a gap`() {
    let all = numbers(0..<80_000)
    var seam = ReplaySeam(tail: Array(all.prefix(300_000).suffix(270_000)), isWhole: false)
    let replay = Array(all[400_000..<660_000])
    #expect(seam.take(replay) == ReplaySeam.Join(gap: .lost, news: replay))
  }

  @Test func `a trimmed replay that begins before what was received is joined without a gap`() {
    let all = numbers(0..<80_000)
    var seam = ReplaySeam(tail: Array(all[30_000..<300_000]), isWhole: false)
    #expect(seam.take(Array(all[290_000..<295_000])) == nil)
    #expect(seam.take(Array(all[295_000..<310_000])) == ReplaySeam.Join(news: Array(all[300_000..<310_000])))
  }

  @Test func `a flood of one line is uncertain, and the largest overlap is taken`() {
    let yes = bytes(String(repeating: "y\n", count: 150_000))
    var seam = ReplaySeam(tail: Array(yes.prefix(270_000)), isWhole: false)
    let join = seam.take(yes)
    #expect(join?.gap == .uncertain && join?.news.count == 30_000)
  }

  @Test func `a few equal lines are exact when the server has no more than them`() {
    let yes = bytes(String(repeating: "y\n", count: 1000))
    var seam = ReplaySeam(tail: Array(yes.prefix(500)), isWhole: true)
    #expect(seam.take(yes) == nil)
    #expect(seam.settle() == ReplaySeam.Join(news: Array(yes[500...])))
  }

  @Test func `a few equal lines before a flood of them are uncertain`() {
    var seam = ReplaySeam(tail: bytes("y\ny\n"), isWhole: true)
    let join = seam.take(bytes(String(repeating: "y\n", count: 100_000)))
    #expect(join?.gap == .uncertain && join?.news.count == 199_996)
  }

  @Test func `an end that brings less than was received proves nothing`() {
    let all = numbers(0..<100)
    var seam = ReplaySeam(tail: all, isWhole: true)
    #expect(seam.take(Array(all.prefix(100))) == nil)
    #expect(seam.settle() == nil)
    #expect(seam.finish() == ReplaySeam.Join(gap: .unprovenEnd, news: []))
  }

  @Test func `a stream that had nothing yet is held back only until it is known to be whole`() {
    var seam = ReplaySeam(tail: [], isWhole: true, late: .joinedLate)
    #expect(seam.take(bytes("hello")) == nil)
    #expect(seam.settle() == ReplaySeam.Join(news: bytes("hello")))
    #expect(seam.finish() == ReplaySeam.Join(news: bytes("hello")))
    var late = ReplaySeam(tail: [], isWhole: true, late: .joinedLate)
    #expect(late.take(numbers(0..<30_000))?.gap == .joinedLate)
  }

  @Test func `chance bytes at the end are no overlap to rely on`() {
    var seam = ReplaySeam(tail: bytes("some other output, which ends with a line\n"), isWhole: false)
    let join = seam.take(bytes("\nfollowed by others"))
    #expect(join?.gap == .uncertain)
  }

  /// Follows the truth beside the join: wherever no gap is told, the place must be the true one.
  @Test(arguments: ModelStream.Kind.allCases)
  func `across many cuts nothing is lost or doubled without a mark, whatever is written`(kind: ModelStream.Kind) {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    var (joins, gaps) = (0, 0)
    for _ in 0..<30 {
      var run = JoinRun(ModelStream(kind, upTo: Bool.random(using: &random) ? 700_000 : 20_000, &random))
      run.go(&random)
      #expect(run.mistakes.isEmpty, "seed \(seed): \(run.mistakes)")
      joins += run.joins
      gaps += run.gaps
    }
    #expect(joins > 60 && gaps > 0, "seed \(seed): the schedules reach too little")
  }
}

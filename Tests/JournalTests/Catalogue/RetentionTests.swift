import Testing

@testable import Journal

@Suite struct RetentionTests {
  /// The indices that go, of journals of these sizes of which some run.
  private func given(_ retention: Retention, _ sizes: [UInt64], running: Set<Int> = []) -> [Int] {
    var gone: [Int] = []
    let isDone = retention.apply(to: sizes.count, size: { sizes[$0] }) { index in
      guard !running.contains(index) else { return false }
      gone.append(index)
      return true
    }
    #expect(isDone)
    return gone
  }

  @Test func `within both limits nothing goes`() {
    #expect(given(Retention(count: 2, bytes: 20), [10, 10]) == [])
    #expect(given(Retention(count: 0, bytes: 0), []) == [])
  }

  @Test func `over the count the oldest go`() {
    #expect(given(Retention(count: 1, bytes: .max), [1, 1, 1]) == [0, 1])
    #expect(given(Retention(count: 2, bytes: .max), [1, 1, 1]) == [0])
    #expect(given(Retention(count: 0, bytes: .max), [1, 1]) == [0, 1])
  }

  @Test func `over the size the oldest go until the rest fits, and the newest stays however large it is`() {
    #expect(given(Retention(count: 9, bytes: 150), [100, 1, 50]) == [0])
    #expect(given(Retention(count: 9, bytes: 50), [100, 1, 50]) == [0, 1])
    #expect(given(Retention(count: 9, bytes: 49), [100, 1, 50]) == [0, 1])
    #expect(given(Retention(count: 9, bytes: .max), [.max, .max]) == [])
  }

  @Test func `no more journals are removed than allowed, and the rest is reported`() {
    var gone: [Int] = []
    func remove(_ index: Int) -> Bool {
      gone.append(index)
      return true
    }
    #expect(!Retention(count: 1, bytes: .max).apply(to: 5, atMost: 3, size: { _ in 1 }, remove: remove))
    #expect(gone == [0, 1, 2])
    #expect(!Retention(count: 9, bytes: 1).apply(to: 5, atMost: 1, size: { _ in 1 }, remove: remove))
  }

  @Test func `a running journal is never removed, and takes no newer journal's place`() {
    #expect(given(Retention(count: 2, bytes: .max), [1, 1, 1, 1], running: [0]) == [1])
    #expect(given(Retention(count: 9, bytes: 1010), [1000, 10, 10, 10], running: [0]) == [1, 2])
  }
}

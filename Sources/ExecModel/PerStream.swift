/// One value for each output stream.
@frozen public struct PerStream<Value> {
  /// Standard output's value.
  public var stdout: Value
  /// Standard error's value.
  public var stderr: Value

  /// Makes a pair of values.
  @inlinable
  public init(stdout: Value, stderr: Value) {
    self.stdout = stdout
    self.stderr = stderr
  }

  /// Makes a pair of equal values.
  @inlinable
  public init(repeating value: Value) { self.init(stdout: value, stderr: value) }

  /// The value of one stream.
  @inlinable
  public subscript(stream: ExecStream) -> Value {
    get {
      switch stream {
      case .stdout: stdout
      case .stderr: stderr
      }
    }
    // In place: a collection must not be copied for each change.
    _modify {
      switch stream {
      case .stdout: yield &stdout
      case .stderr: yield &stderr
      }
    }
  }

  /// Both values, standard output's first.
  @inlinable
  public var values: [Value] { [stdout, stderr] }

  /// The pair of what `transform` makes of each value.
  @inlinable
  public func map<Other>(_ transform: (Value) throws -> Other) rethrows -> PerStream<Other> {
    PerStream<Other>(stdout: try transform(stdout), stderr: try transform(stderr))
  }

  /// The streams whose value satisfies `condition`.
  @inlinable
  public func streams(where condition: (Value) throws -> Bool) rethrows -> StreamSet {
    (try condition(stdout) ? StreamSet.stdout : []).union(try condition(stderr) ? .stderr : [])
  }
}

extension PerStream: Equatable where Value: Equatable {}
extension PerStream: Hashable where Value: Hashable {}
extension PerStream: Sendable where Value: Sendable {}

// MARK: - Numbers

extension PerStream where Value: FixedWidthInteger {
  /// Makes a pair of zeros.
  @inlinable
  public init() { self.init(repeating: 0) }

  /// Makes a pair of which standard error's number is zero.
  @inlinable
  public init(stdout: Value) { self.init(stdout: stdout, stderr: 0) }

  /// Makes a pair of which standard output's number is zero.
  @inlinable
  public init(stderr: Value) { self.init(stdout: 0, stderr: stderr) }

  /// The sum of both; numbers from outside must not trap, so it wraps around.
  @inlinable
  public var total: Value { stdout &+ stderr }
}

// MARK: - Values that some streams have

extension PerStream: ExpressibleByDictionaryLiteral where Value: ExpressibleByNilLiteral {
  /// Makes a pair from the streams that have a value.
  @inlinable
  public init(dictionaryLiteral elements: (ExecStream, Value)...) {
    self.init(repeating: nil)
    for (stream, value) in elements { self[stream] = value }
  }

  /// The values of `streams` alone.
  @inlinable
  public func limited(to streams: StreamSet) -> PerStream {
    PerStream(
      stdout: streams.contains(.stdout) ? stdout : nil, stderr: streams.contains(.stderr) ? stderr : nil)
  }
}

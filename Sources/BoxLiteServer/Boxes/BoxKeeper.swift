import BoxLiteWire

/// Who keeps the boxes that clients create: we, or another server behind us.
///
/// Every method may be called from any thread, and may take as long as the other server needs.
protocol BoxKeeper: Sendable {
  /// Makes a box.
  func create(_ body: CreateBoxBody) throws(ErrorReply) -> BoxReply

  /// All boxes, in the order of their creation.
  func list() throws(ErrorReply) -> [BoxReply]

  /// One box by its identifier or its name.
  func find(_ box: String) throws(ErrorReply) -> BoxReply

  /// Lets commands run in it.
  func start(_ box: String) throws(ErrorReply) -> BoxReply

  /// Lets no command run in it any more; ending those that do is the caller's.
  func stop(_ box: String) throws(ErrorReply) -> BoxReply

  /// Forgets it, and returns its identifier; one that runs only by force.
  func remove(_ box: String, force: Bool) throws(ErrorReply) -> String

  /// The box to run a command in; one that does not run yet is started by it.
  func open(_ box: String) throws(ErrorReply) -> BoxPlace

  /// Why no command may run in a box any more; nil when one may, or the other server will tell.
  ///
  /// Asked right after a start, as a box can be stopped or removed between its opening and the start.
  func objection(to box: String) -> ErrorReply?

  /// A box's identifier by its identifier or its name; the text itself when there is no such box, any more.
  func identifier(_ text: String) -> String
}

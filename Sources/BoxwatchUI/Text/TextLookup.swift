public import ExecModel
public import Journal

/// Finds the text of an execution's stream; nil when there is none (yet).
///
/// `update` and `view` get it as an argument, and are pure given it.
public typealias TextLookup = (ExecutionID, ExecStream) -> (any TextSource)?

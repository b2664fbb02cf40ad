import BoxLiteWire
import Console
import ExecModel
import Journal
package import SystemPackage

/// Finds an execution by its identifier, a prefix or the short form of one, or its name.
package struct ExecutionFinder: Sendable {
  private let directory: FilePath
  private let instances: InstanceDirectory

  /// Searches our own journals, then those of every boxwatch that answers.
  ///
  /// - Parameters:
  ///   - directory: the folder of our own journals.
  ///   - instances: the sockets of every boxwatch of this user.
  package init(_ directory: FilePath, _ instances: InstanceDirectory) {
    self.directory = directory
    self.instances = instances
  }

  /// The execution that a text identifies.
  ///
  /// - Throws: ``/Console/Failure`` for a text that matches none, or several ambiguously.
  package func find(_ text: String) throws -> ListedExecution {
    if let found = direct(text) { return found }
    return try Self.choose(text, from: list().executions)
  }

  /// All executions.
  package func list() -> ExecutionList { ExecutionList(directory, instances: instances.instances()) }

  /// A full identifier of our own journals needs no list.
  private func direct(_ text: String) -> ListedExecution? {
    guard ExecutionID(text) != nil, let journal = try? JournalReader(opening: directory.appending(text)) else {
      return nil
    }
    guard let found = try? ListedExecution(journal) else { return nil }
    // The record of a running execution may have been given up, which only its boxwatch knows.
    guard found.state.isLive, let owner = instances.instance(of: found.identity.watcher) else { return found }
    let reported = owner.unrecorded.first { $0.id == text }
    return reported.flatMap { ListedExecution($0, of: owner) } ?? found
  }
}

// MARK: - Choosing

extension ExecutionFinder {
  /// Chooses from a list with live executions first: by identifier, then by name, then by part of
  /// an identifier.
  ///
  /// Of several with one name the only live one is chosen, otherwise the newest.
  ///
  /// - Throws: ``/Console/Failure`` as ``find(_:)`` does.
  package static func choose(_ text: String, from executions: [ListedExecution]) throws -> ListedExecution {
    if let exact = executions.first(where: { $0.id.description == text }) { return exact }
    let named = executions.filter { $0.spec.name == text }
    if let first = named.first {
      guard named.filter(\.state.isLive).count < 2 else { throw ambiguous(text, "running ones have this name", named) }
      return first
    }
    let partly = executions.filter { $0.id.short == text || $0.id.description.hasPrefix(text) }
    guard let first = partly.first, !text.isEmpty else {
      throw Failure("there is no execution '\(text)': boxwatch ls lists all executions")
    }
    guard partly.count == 1 else { throw ambiguous(text, "identifiers match", partly) }
    return first
  }

  private static func ambiguous(_ text: String, _ what: String, _ found: [ListedExecution]) -> Failure {
    let names = found.prefix(5).map { "\($0.id) (\($0.title.prefix(20)))" }.joined(separator: ", ")
    return Failure("'\(text)' is ambiguous, \(what): \(names)\(found.count > 5 ? ", and more" : "")")
  }
}

extension ExecutionID {
  /// The distinctive part of an identifier: `k3f9x-1` of `20261124-055827-412345-k3f9x-1`.
  ///
  /// An identifier of another form is its own short form.
  var short: String {
    let parts = description.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 5 ? parts[3...].joined(separator: "-") : description
  }
}

import ExecEngine
import ExecModel

/// Why a throw-away container's command did not begin: the engine's refusal, told apart by the runtime's words in it.
struct ImageStartFailure {
  let image: String
  let spec: ExecutionSpec
  private let engineError: EngineAPIError

  init(image: String, spec: ExecutionSpec, _ error: EngineAPIError) {
    self.image = image
    self.spec = spec
    engineError = error
  }

  var error: BoxError {
    let text = engineError.description
    let lower = text.lowercased()
    let command = spec.command.first ?? ""
    if lower.contains("no such image") || lower.contains("image not known") {
      return BoxError(.box, "there is no image '\(image)' on the engine: pull it, or build it (\(text))")
    }
    if let user = spec.user, lower.contains("unable to find user") || lower.contains("no matching entries in") {
      return BoxError(.box, "the image '\(image)' has no user '\(user)'")
    }
    guard lower.contains("oci ") || lower.contains("container process") || lower.contains("crun:") else {
      return BoxError(.box, text)
    }
    if lower.contains("not found in $path")
      || lower.contains("no such file or directory") && lower.contains(command.lowercased())
    {
      return BoxError(.notFound, "there is no command '\(command)' in the image '\(image)'")
    }
    if lower.contains("chdir") || lower.contains("working directory") {
      return BoxError(
        .badDirectory, "the working directory '\(spec.workingDirectory ?? "?")' cannot be used in the image '\(image)'")
    }
    if lower.contains("permission denied") {
      return BoxError(
        .notExecutable,
        "'\(command)' in the image '\(image)' may not be executed: it is a directory, or a file that needs chmod +x")
    }
    return BoxError(.box, text)
  }
}

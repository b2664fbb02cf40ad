import Boxes
import ContainerBoxes
import ExecEngine
import ExecModel
import Glibc
import Journal
import Logging

/// What every command needs: the configuration, the engine and the boxes.
struct Session {
  let configuration: Configuration
  let engine: Engine
  let boxes: BoxCatalogue
  let screen: ScreenOptions
  /// Keeps the newest 200 journals, and 16 GiB.
  let pruner: JournalPruner

  /// Reads the configuration and prepares the process: SIGPIPE ignored, descriptors up to the hard limit.
  ///
  /// - Parameter key: what BoxLite servers that are named by their address want to be shown.
  /// - Throws: ``Failure`` for a configuration that cannot be read.
  init(_ common: CommonOptions, _ screen: ScreenOptions, key: String? = nil) throws {
    signal(SIGPIPE, SIG_IGN)
    // A file-size limit is an error to report (EFBIG), not a reason to die.
    signal(SIGXFSZ, SIG_IGN)
    ProcessLimits.raise()
    DescriptorReserve.hold()
    EngineWarnings.listen { Diagnostics.print($0) }
    configuration = try Configuration(option: common.config)
    // Before anything is started: commands inherit our environment.
    Secrets.take(configuration.boxes.values.compactMap(\.keyVariable))
    boxes = BoxCatalogue(configuration, key: key, kept: Directories.keptBoxes())
    self.screen = screen
    var logger = Logger(label: "boxwatch") { DiagnosticsLog(label: $0) }
    logger.logLevel = common.verbose ? .debug : .critical
    engine = Engine(stateDirectory: try Directories.state(), logger: logger)
    pruner = JournalPruner(
      JournalCatalogue(directory: engine.executionsDirectory), engine.journalCount,
      Retention(count: 200, bytes: 16 << 30))
  }

  /// Prunes for as long as the process lives: for those that start many commands, or live long.
  func keepPruning() {
    pruner.keepPruning()
    engine.watchStarts { [pruner] _ in pruner.look() }
  }

  /// Makes sure that what is asked for can be started, as far as that is known before anything is.
  ///
  /// - Throws: ``Failure`` when there is no such box, or it cannot do what the spec wants of it.
  func check(_ request: ExecutionRequest) throws {
    let box = try boxes.box(named: request.box, adding: request.sandbox)
    if request.spec.user != nil, let refusal = box.userRefusal { throw Failure("--user: \(refusal)") }
  }

  /// Starts what was asked for, after `prepare` had its turn to subscribe and to wait.
  ///
  /// - Throws: ``Failure`` when the box is unknown, no journal can be made or preparing failed: nothing was started then.
  func start(
    _ request: ExecutionRequest, preparing prepare: (ExecutionID) throws -> Void
  ) throws -> ExecutionID {
    let box = try boxes.box(named: request.box, adding: request.sandbox)
    do {
      return try engine.start(request.spec, in: box, preparing: prepare)
    } catch let error as EngineError {
      throw Failure(error.description, isShortage: error.isShortage)
    }
  }
}

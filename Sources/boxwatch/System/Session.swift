import ContainerBoxes
import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import Journal
import Logging

/// The parts that every command needs: the configuration, the engine and the boxes.
struct Session {
  let configuration: Configuration
  let engine: Engine
  let boxes: BoxCatalogue
  let screen: ScreenOptions
  /// Keeps the newest 200 journals, and at most 16 GiB.
  let pruner: JournalPruner

  /// Reads the configuration and prepares the process: ignores SIGPIPE and raises the descriptor
  /// limit to the hard limit.
  ///
  /// - Parameter key: the key for BoxLite servers named by address.
  /// - Throws: ``Failure`` when the configuration cannot be read.
  init(_ common: CommonOptions, _ screen: ScreenOptions, key: String? = nil) throws {
    signal(SIGPIPE, SIG_IGN)
    // Exceeding a file-size limit is reported as an error (EFBIG), instead of ending the process.
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

  /// Prunes for the life of the process; for processes that start many commands or run long.
  func keepPruning() {
    pruner.keepPruning()
    engine.watchStarts { [pruner] _ in pruner.look() }
  }

  /// Checks that a request can be started, as far as that is known in advance.
  ///
  /// - Throws: ``Failure`` when there is no such box, or when it does not support what the spec
  ///   requires.
  func check(_ request: ExecutionRequest) throws {
    let box = try boxes.box(named: request.box, adding: request.sandbox)
    if request.spec.user != nil, let refusal = box.userRefusal { throw Failure("--user: \(refusal)") }
  }

  /// Starts a request after `prepare` has subscribed and registered waits.
  ///
  /// - Throws: ``Failure`` when the box is unknown, no journal can be created or preparing failed;
  ///   nothing was started then.
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

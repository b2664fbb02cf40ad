import Console
import ContainerBoxes
import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import Jobs
import Journal
import Logging

/// The parts that every command needs: the configuration, the engine and the boxes.
struct Session {
  let configuration: Configuration
  let boxes: BoxCatalogue
  let screen: ScreenOptions
  /// Has the engine, and keeps the newest 200 journals, and at most 16 GiB.
  let launcher: Launcher

  var engine: Engine { launcher.engine }

  /// Reads the configuration and prepares the process: ignores SIGPIPE and raises the descriptor
  /// limit to the hard limit.
  ///
  /// - Parameter key: the key for BoxLite servers named by address.
  /// - Throws: ``/Console/Failure`` when the configuration cannot be read.
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
    let engine = Engine(stateDirectory: try Directories.state(), logger: logger)
    let catalogue = JournalCatalogue(directory: engine.executionsDirectory)
    launcher = Launcher(
      engine, boxes, JournalPruner(catalogue, engine.journalCount, Retention(count: 200, bytes: 16 << 30)))
  }
}

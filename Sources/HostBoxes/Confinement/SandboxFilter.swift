import CSeccomp
import ExecEngine
import ExecModel
import Glibc
import Linux
import SystemPackage

/// The system call filter of every command in a sandbox, as classic BPF (seccomp(2)).
///
/// It refuses calls that a sandbox never needs and allows the rest. It refuses calls that make or change mounts and
/// namespaces, that access keys, modules and other parts of the kernel that belong to the host, and that simulate input
/// on a terminal.
enum SandboxFilter {
  /// The instructions, 8 bytes each, built once for this process.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with `box` when libseccomp cannot build them.
  static func program() throws(BoxError) -> [UInt8] { try built.get() }

  /// The calls that fail as "not permitted" (EPERM).
  static let refused = [
    "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount",
    "fspick", "mount_setattr", "setns", "swapon", "swapoff", "reboot", "acct", "quotactl", "quotactl_fd", "kexec_load",
    "kexec_file_load", "create_module", "init_module", "finit_module", "delete_module", "keyctl", "add_key",
    "request_key", "bpf", "userfaultfd", "perf_event_open", "syslog", "vhangup", "settimeofday", "stime",
    "clock_settime", "clock_settime64", "ioperm", "iopl", "open_by_handle_at", "lookup_dcookie", "nfsservctl",
  ]
  /// The calls that fail as missing (ENOSYS), so that callers fall back to others.
  ///
  /// clone3(2) passes its flags in memory, where a filter cannot see them, and io_uring(7) makes calls that no filter
  /// sees.
  static let missing = ["clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"]

  private static let built = Result { () throws(BoxError) in try build() }

  private static func build() throws(BoxError) -> [UInt8] {
    guard let context = seccomp_init(Action.allow) else { throw failure(ENOMEM) }
    defer { seccomp_release(context) }
    try prepare(context)
    for name in refused { try add(context, name, Action.fail(EPERM)) }
    for name in missing { try add(context, name, Action.fail(ENOSYS)) }
    for flag in namespaceFlags {
      for name in ["clone", "unshare"] { try add(context, name, Action.fail(EPERM), .hasBits(flag, argument: 0)) }
    }
    for request in terminalRequests { try add(context, "ioctl", Action.fail(EPERM), .equals32(request, argument: 1)) }
    for family in 3...15 where family != AF_INET6 {
      try add(context, "socket", Action.fail(EAFNOSUPPORT), .equals32(UInt64(family), argument: 0))
    }
    try add(context, "socket", Action.fail(EAFNOSUPPORT), .isGreater(UInt64(AF_NETLINK), argument: 0))
    return try export(context)
  }

  /// The processor's 32-bit calls get the same rules; calls of other ABIs, such as x32, fail as missing.
  ///
  /// On 32-bit x86 libseccomp makes the rules for socket(2) also refuse every new socket of socketcall(2), whose
  /// arguments are in memory. That is intended: otherwise every program could use it to create a socket of a refused
  /// family.
  private static func prepare(_ context: scmp_filter_ctx) throws(BoxError) {
    try check(seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, Action.fail(ENOSYS)))
    // A binary tree (libseccomp 2.5): the kernel runs the filter for every call when it is set, which takes 131 µs with
    // a list and 67 with a tree. A libseccomp without support for it makes a list.
    _ = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2)
    // bubblewrap, or the helper that enters a kept box, sets no_new_privs itself.
    try check(seccomp_attr_set(context, SCMP_FLTATR_CTL_NNP, 0))
    #if arch(x86_64)
      try check(seccomp_arch_add(context, seccomp_arch_resolve_name("x86")))
    #elseif arch(arm64)
      try check(seccomp_arch_add(context, seccomp_arch_resolve_name("arm")))
    #endif
  }

  /// `CLONE_NEWNS`, `NEWCGROUP`, `NEWUTS`, `NEWIPC`, `NEWUSER`, `NEWPID`, `NEWNET` (clone(2)).
  private static let namespaceFlags: [UInt64] = [
    0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
  ]
  /// `TIOCSTI` simulates terminal input, `TIOCLINUX` pastes into a console, `TIOCSETD` loads line disciplines.
  private static let terminalRequests: [UInt64] = [0x5412, 0x541C, 0x5423]

  private static func add(
    _ context: scmp_filter_ctx, _ name: String, _ action: UInt32, _ condition: scmp_arg_cmp? = nil
  ) throws(BoxError) {
    let number = seccomp_syscall_resolve_name(name)
    // This libseccomp does not define a call of that name for any processor.
    guard number != Self.unknown else { return }
    let conditions = condition.map { [$0] } ?? []
    try check(seccomp_rule_add_array(context, action, number, UInt32(conditions.count), conditions))
  }

  /// `__NR_SCMP_ERROR`.
  private static let unknown: Int32 = -1

  private static func export(_ context: scmp_filter_ctx) throws(BoxError) -> [UInt8] {
    let file: SharedDescriptor
    do throws(Errno) { file = SharedDescriptor(try Descriptor.inMemory(named: "boxwatch-filter")) } catch {
      throw failure(error.rawValue)
    }
    defer { withExtendedLifetime(file) {} }
    try check(seccomp_export_bpf(context, file.raw))
    let size = Int(lseek(file.raw, 0, SEEK_END))
    var bytes = [UInt8](repeating: 0, count: max(size, 0))
    guard size > 0, size % 8 == 0, pread(file.raw, &bytes, size, 0) == size else { throw failure(EIO) }
    return bytes
  }

  private static func check(_ answer: Int32) throws(BoxError) {
    guard answer < 0 else { return }
    throw failure(-answer)
  }

  private static func failure(_ error: Int32) -> BoxError {
    BoxError(.box, "the sandbox's filter of system calls cannot be built: \(Errno(rawValue: error))")
  }
}

/// The actions for a call, which are macros in `<seccomp.h>` that Swift does not import.
private enum Action {
  static let allow: UInt32 = 0x7fff_0000

  static func fail(_ error: Int32) -> UInt32 { 0x0005_0000 | UInt32(error) }
}

extension scmp_arg_cmp {
  /// Matches an argument that has all these bits set.
  fileprivate static func hasBits(_ bits: UInt64, argument: UInt32) -> scmp_arg_cmp {
    scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: bits, datum_b: bits)
  }

  /// Matches an argument by its lower half, which is all that the kernel reads.
  fileprivate static func equals32(_ value: UInt64, argument: UInt32) -> scmp_arg_cmp {
    scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: 0xffff_ffff, datum_b: value)
  }

  /// Matches an argument greater than a value.
  fileprivate static func isGreater(_ value: UInt64, argument: UInt32) -> scmp_arg_cmp {
    scmp_arg_cmp(arg: argument, op: SCMP_CMP_GT, datum_a: value, datum_b: 0)
  }
}

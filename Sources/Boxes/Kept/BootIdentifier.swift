/// Which start of the machine this is (proc_sys_kernel_random(5)).
enum BootIdentifier {
  /// The kernel's word for it; empty when it says none.
  static let current = CgroupFile.words("/proc/sys/kernel/random/boot_id").first.map(String.init) ?? ""
}

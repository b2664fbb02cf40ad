#ifndef CEXECSHIMS_PEERS_H
#define CEXECSHIMS_PEERS_H

#include <stdint.h>
#include <sys/socket.h>

/// The socket option that returns a pidfd of a Unix socket's peer (unix(7), Linux 6.5); older headers lack it.
enum { CEXEC_PEER_PIDFD = 77 };

/// One end of a TCP connection.
struct cexec_tcp_end {
  /// The address in network byte order: 4 bytes, or 16 for IPv6.
  uint8_t address[16];
  /// The port in host byte order.
  uint16_t port;
};

/// The user who holds the far end of a TCP connection within this machine (SOCK_DIAG, sock_diag(7)).
///
/// Returns 0 with the user ID; or an error number: ENOENT when no process of this machine holds that end, ESTALE when
/// it was closed already. The kernel attributes sockets that no process holds to root, so their user must not be
/// trusted.
int cexec_tcp_user(int family, const struct cexec_tcp_end *far, const struct cexec_tcp_end *near, uint32_t *user);

/// Whether `cexec_tcp_user` finds the user of a connection that this process makes to itself; a kernel without the
/// module, or with a system call filter, answers as if there were no such connection.
int cexec_tcp_users_are_known(void);

#endif

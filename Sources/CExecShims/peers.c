#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "peers.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct question {
  struct nlmsghdr header;
  struct inet_diag_req_v2 request;
};

struct answer {
  struct nlmsghdr header;
  union {
    struct inet_diag_msg socket;
    struct nlmsgerr error;
  } body;
  char rest[512];
};

static struct question question_for(int family, const struct cexec_tcp_end *far, const struct cexec_tcp_end *near) {
  struct question question = {
    .header = {.nlmsg_len = sizeof question, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST},
    .request = {.sdiag_family = (uint8_t)family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = ~0u},
  };
  struct inet_diag_sockid *id = &question.request.id;
  size_t size = family == AF_INET ? 4 : 16;
  // From the point of view of the far end, whose socket is looked up.
  memcpy(id->idiag_src, far->address, size);
  memcpy(id->idiag_dst, near->address, size);
  id->idiag_sport = htons(far->port);
  id->idiag_dport = htons(near->port);
  id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return question;
}

static int exchange(const struct question *question, struct answer *answer) {
  int link = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (link < 0) return errno;
  // The kernel answers within the call; the limit is for a kernel that does not.
  struct timeval limit = {.tv_sec = 1};
  setsockopt(link, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  int error = send(link, question, sizeof *question, 0) < 0 ? errno : 0;
  ssize_t count = 0;
  if (!error) {
    do count = recv(link, answer, sizeof *answer, 0);
    while (count < 0 && errno == EINTR);
    if (count < 0) error = errno;
  }
  close(link);
  if (error) return error;
  size_t needed = NLMSG_LENGTH(
    answer->header.nlmsg_type == NLMSG_ERROR ? sizeof(struct nlmsgerr) : sizeof(struct inet_diag_msg));
  return (size_t)count < needed ? EPROTO : 0;
}

/// When the far end is gone, a listening socket may be found in its place.
static int is_same(const struct inet_diag_sockid *one, const struct inet_diag_sockid *other, size_t size) {
  return one->idiag_sport == other->idiag_sport && one->idiag_dport == other->idiag_dport
    && memcmp(one->idiag_src, other->idiag_src, size) == 0 && memcmp(one->idiag_dst, other->idiag_dst, size) == 0;
}

int cexec_tcp_user(int family, const struct cexec_tcp_end *far, const struct cexec_tcp_end *near, uint32_t *user) {
  struct question question = question_for(family, far, near);
  struct answer answer;
  memset(&answer, 0, sizeof answer);
  int error = exchange(&question, &answer);
  if (error) return error;
  if (answer.header.nlmsg_type == NLMSG_ERROR) return answer.body.error.error ? -answer.body.error.error : EPROTO;
  const struct inet_diag_msg *found = &answer.body.socket;
  if (!is_same(&found->id, &question.request.id, family == AF_INET ? 4 : 16)) return ENOENT;
  // A socket without an inode is not held by any process; its user then reads as 0, as it does in these states.
  if (found->idiag_inode == 0 || found->idiag_state == TCP_TIME_WAIT || found->idiag_state == TCP_LISTEN) return ESTALE;
  *user = found->idiag_uid;
  return 0;
}

static int end_of(int descriptor, struct cexec_tcp_end *end) {
  struct sockaddr_in address;
  socklen_t size = sizeof address;
  if (getsockname(descriptor, (struct sockaddr *)&address, &size) < 0) return -1;
  memcpy(end->address, &address.sin_addr, 4);
  end->port = ntohs(address.sin_port);
  return 0;
}

int cexec_tcp_users_are_known(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct cexec_tcp_end far = {.port = 0}, near = {.port = 0};
  socklen_t size = sizeof address;
  uint32_t user = 0;
  int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int known = listening >= 0 && client >= 0 && bind(listening, (struct sockaddr *)&address, size) == 0
    && listen(listening, 1) == 0 && getsockname(listening, (struct sockaddr *)&address, &size) == 0
    && connect(client, (struct sockaddr *)&address, size) == 0 && end_of(client, &far) == 0
    && end_of(listening, &near) == 0 && cexec_tcp_user(AF_INET, &far, &near, &user) == 0 && user == geteuid();
  if (client >= 0) close(client);
  if (listening >= 0) close(listening);
  return known;
}

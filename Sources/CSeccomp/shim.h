// libseccomp, from Debian's libseccomp-dev: builds filters of system calls (seccomp_init(3)).
#include <seccomp.h>

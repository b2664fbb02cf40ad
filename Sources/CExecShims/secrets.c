#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "secrets.h"

#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int first_count;
static char **first_arguments;

/// The C library passes these to every constructor; Swift has only copies.
__attribute__((constructor)) static void note_arguments(int count, char **arguments, char **environment) {
  (void)environment;
  first_count = count;
  first_arguments = arguments;
}

void cexec_wipe_variable(const char *name) {
  size_t length = strlen(name);
  for (char **entry = environ; entry && *entry; entry++)
    // A name may occur more than once; getenv(3) uses the first.
    if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
      explicit_bzero(*entry + length + 1, strlen(*entry + length + 1));
}

void cexec_wipe_argument(const char *text) {
  if (!*text) return;
  for (int index = 1; index < first_count; index++) {
    char *argument = first_arguments[index];
    if (!argument) return;
    char *equals = strchr(argument, '=');
    if (strcmp(argument, text) == 0) explicit_bzero(argument, strlen(argument));
    else if (equals && strcmp(equals + 1, text) == 0) explicit_bzero(equals + 1, strlen(equals + 1));
  }
}

void cexec_hide_memory(void) { prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

#define _GNU_SOURCE
#include "fault.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// The file that is shared with the driver: rows in the order in which they were first met; `fired` counts faults.
enum { row_count = 1000, name_size = 24 };
struct row {
  char kind[name_size];
  char place[name_size];
  uint64_t count;
  uint64_t fired;
};

static struct row *table;
static struct {
  char kind[name_size], place[name_size];
  unsigned long long first;
  int error;
  char mode[16];
} plan;

struct range {
  uintptr_t start, end;
};
static struct range ranges[16];
static int range_count;

static int find_code(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  (void)argument;
  bool counts = info->dlpi_name[0] == 0 || strstr(info->dlpi_name, "libncurses") || strstr(info->dlpi_name, "libtinfo");
  // The kernel's page of calls has no name in older loaders.
  if (!counts || strstr(info->dlpi_name, "vdso")) return 0;
  for (int index = 0; index < info->dlpi_phnum && range_count < 16; index++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[index];
    if (header->p_type != PT_LOAD || !(header->p_flags & PF_X)) continue;
    uintptr_t start = info->dlpi_addr + header->p_vaddr;
    ranges[range_count++] = (struct range){start, start + header->p_memsz};
  }
  return 0;
}

bool fault_counts(const void *caller) {
  if (!table) return false;
  for (int index = 0; index < range_count; index++)
    if ((uintptr_t)caller >= ranges[index].start && (uintptr_t)caller < ranges[index].end) return true;
  return false;
}

/// The row of a kind and a class, made when it is not there.
///
/// No lock and no allocation: a child of vfork(2) comes here too.
static struct row *row_of(const char *kind, const char *place) {
  for (int index = 0; index < row_count; index++) {
    struct row *row = &table[index];
    if (!__atomic_load_n(&row->kind[0], __ATOMIC_ACQUIRE)) {
      char none = 0, claimed = '?';
      if (__atomic_compare_exchange_n(&row->kind[0], &none, claimed, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        strncpy(row->place, place, name_size - 1);
        strncpy(row->kind + 1, kind + 1, name_size - 2);
        __atomic_store_n(&row->kind[0], kind[0], __ATOMIC_RELEASE);
        return row;
      }
    }
    while (__atomic_load_n(&row->kind[0], __ATOMIC_ACQUIRE) == '?') {}
    if (strcmp(row->kind, kind) == 0 && strcmp(row->place, place) == 0) return row;
  }
  return NULL;
}

int fault_at(const char *kind, const char *place) {
  struct row *row = row_of(kind, place);
  if (!row) return FAULT_NONE;
  unsigned long long number = __atomic_add_fetch(&row->count, 1, __ATOMIC_RELAXED);
  if (number < plan.first || strcmp(plan.kind, kind) != 0 || strcmp(plan.place, place) != 0) return FAULT_NONE;
  if (number > plan.first && strcmp(plan.mode, "on") != 0) return FAULT_NONE;
  __atomic_add_fetch(&row->fired, 1, __ATOMIC_RELAXED);
  return strcmp(plan.mode, "short") == 0 ? FAULT_SHORT : plan.error;
}

static void *map_table(const char *path) {
  int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return NULL;
  void *memory = mmap(NULL, row_count * sizeof(struct row), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? NULL : memory;
}

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("BOXWATCH_FAULT_TABLE"), *words = getenv("BOXWATCH_FAULT");
  if (!path || strcmp(program_invocation_short_name, "boxwatch") != 0) return;
  if (words)
    sscanf(words, "%23s %23s %llu %d %15s", plan.kind, plan.place, &plan.first, &plan.error, plan.mode);
  dl_iterate_phdr(find_code, NULL);
  table = map_table(path);
  if (getenv("BOXWATCH_FAULT_KEEP")) return;
  // The commands are not to be touched, and a sandbox has no such file.
  unsetenv("LD_PRELOAD");
  unsetenv("BOXWATCH_FAULT_TABLE");
  unsetenv("BOXWATCH_FAULT");
}

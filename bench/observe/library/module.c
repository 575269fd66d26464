#include "bench/observe/library/module.h"

#include <elf.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

static void copy_path(struct observed_module *told, const char *path,
                      size_t length) {
  size_t room = sizeof told->path - 1;
  told->path_cut = length > room;
  if (told->path_cut)
    path += length - room;
  memcpy(told->path, path, told->path_cut ? room : length);
}

static void name_of(struct observed_module *told, const char *name) {
  char path[4096];
  if (name && *name) {
    copy_path(told, name, strlen(name));
    return;
  }
  ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  if (length > 0)
    copy_path(told, path, (size_t)length);
}

/* Notes stand one after the other, each padded to 4 bytes. */
static void build_id_of(struct observed_module *told, const char *note,
                        size_t bytes) {
  ElfW(Nhdr) head;
  while (bytes >= sizeof head) {
    memcpy(&head, note, sizeof head);
    size_t name = (head.n_namesz + (size_t)3) & ~(size_t)3;
    size_t data = (head.n_descsz + (size_t)3) & ~(size_t)3;
    size_t all = sizeof head + name + data;
    if (all > bytes)
      return;
    if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == 4 &&
        memcmp(note + sizeof head, "GNU", 4) == 0) {
      size_t length = head.n_descsz;
      if (length > sizeof told->build_id)
        length = sizeof told->build_id;
      memcpy(told->build_id, note + sizeof head + name, length);
      told->build_id_bytes = (uint32_t)length;
      return;
    }
    note += all;
    bytes -= all;
  }
}

struct search {
  uintptr_t address;
  struct module *found;
};

static int look(struct dl_phdr_info *info, size_t size, void *context) {
  struct search *search = context;
  struct module *m = search->found;
  bool inside = false;
  (void)size;
  *m = (struct module){.begin = UINTPTR_MAX};
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &info->dlpi_phdr[i];
    uintptr_t begin = info->dlpi_addr + part->p_vaddr;
    uintptr_t end = begin + part->p_memsz;
    if (part->p_type != PT_LOAD)
      continue;
    inside = inside || (search->address >= begin && search->address < end);
    m->begin = begin < m->begin ? begin : m->begin;
    m->end = end > m->end ? end : m->end;
  }
  if (!inside)
    return 0;
  m->told.base = info->dlpi_addr;
  name_of(&m->told, info->dlpi_name);
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &info->dlpi_phdr[i];
    /* An address of the file's, as the loader moved it. */
    uintptr_t note = info->dlpi_addr + part->p_vaddr;
    if (part->p_type == PT_NOTE && m->told.build_id_bytes == 0)
      build_id_of(&m->told,
                  (const char *)note, /* NOLINT(performance-no-int-to-ptr) */
                  part->p_memsz);
  }
  return 1;
}

bool module_at(const void *address, struct module *module) {
  struct search search = {(uintptr_t)address, module};
  return dl_iterate_phdr(look, &search) != 0;
}

static int look_at_name(struct dl_phdr_info *info, size_t size, void *context) {
  static const char *const names[] = {"/libgomp", "/libomp", "/libiomp5"};
  int *count = context;
  const char *name = info->dlpi_name ? info->dlpi_name : "";
  (void)size;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    *count += strstr(name, names[i]) && strstr(name, ".so");
  return 0;
}

int module_openmp(void) {
  int count = 0;
  dl_iterate_phdr(look_at_name, &count);
  return count;
}

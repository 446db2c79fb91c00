#define _POSIX_C_SOURCE 200809L
#include "golden.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COUNT = 1 << 20 }; /* far beyond any record; bounds what is asked */

static _Noreturn void give_up(const char *what, const char *why) {
  printf("not ok - the golden files can be read: %s: %s\n", what, why);
  exit(1);
}

static void *grown(void *block, size_t bytes) {
  block = realloc(block, bytes);
  if (!block) give_up("memory", "there is not enough");
  return block;
}

static void read_values(FILE *stream, golden_record *record) {
  if (fscanf(stream, "%zu", &record->count) != 1 || record->count < 1 ||
      record->count > MAX_COUNT)
    give_up(record->name, "its count cannot be");
  record->values = grown(NULL, record->count * sizeof(double));
  for (size_t i = 0; i < record->count; i++)
    if (fscanf(stream, "%lf", &record->values[i]) != 1)
      give_up(record->name, "it has fewer numbers than its count");
}

golden golden_read(const char *path) {
  golden file = {0};
  golden_record record;
  FILE *stream = fopen(path, "r");
  if (!stream) give_up(path, "it cannot be opened");
  while (fscanf(stream, "%63s", record.name) == 1) {
    read_values(stream, &record);
    file.records = grown(file.records, (file.count + 1) * sizeof *file.records);
    file.records[file.count++] = record;
  }
  fclose(stream);
  return file;
}

void golden_free(golden *file) {
  for (size_t i = 0; i < file->count; i++) free(file->records[i].values);
  free(file->records);
  *file = (golden){0};
}

const golden_record *golden_find(const golden *file, const char *prefix,
                                 const char *name) {
  size_t length = strlen(prefix);
  for (size_t i = 0; i < file->count; i++)
    if (!strncmp(file->records[i].name, prefix, length) &&
        !strcmp(file->records[i].name + length, name))
      return &file->records[i];
  return NULL;
}

const double *golden_values(const golden *file, const char *prefix,
                            const char *name, size_t count) {
  char wanted[100];
  snprintf(wanted, sizeof wanted, "%s%s (%zu numbers)", prefix, name, count);
  const golden_record *record = golden_find(file, prefix, name);
  if (!record) give_up(wanted, "there is no such record");
  if (record->count != count) give_up(wanted, "it has another count");
  return record->values;
}

static int is_golden(const struct dirent *entry) {
  const char *ending = strrchr(entry->d_name, '.');
  return ending && !strcmp(ending, ".txt");
}

void golden_each(const char *folder,
                 void (*test)(const golden *file, const char *name)) {
  struct dirent **entries;
  int count = scandir(folder, &entries, is_golden, alphasort);
  if (count <= 0) give_up(folder, "there are none");
  for (int i = 0; i < count; free(entries[i++])) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
    golden file = golden_read(path);
    *strrchr(entries[i]->d_name, '.') = '\0';
    test(&file, entries[i]->d_name);
    golden_free(&file);
  }
  free(entries);
}

/* Reads the golden files; tests/golden/generate.py says what is in them. */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <stddef.h>

typedef struct {
  char name[64];
  size_t count;
  double *values;
} golden_record;

typedef struct {
  size_t count;
  golden_record *records;
} golden;

/* Ends the program with a failed test if the file is missing or misformed.
 * Free it with golden_free. */
golden golden_read(const char *path);
void golden_free(golden *file);

/* The record "prefix" "name", or NULL. */
const golden_record *golden_find(const golden *file, const char *prefix,
                                 const char *name);

/* Its values; ends the program with a failed test unless there are `count`. */
const double *golden_values(const golden *file, const char *prefix,
                            const char *name, size_t count);

/* Calls `test` with each .txt file of a folder, and its name without ending;
 * ends the program with a failed test if there is none. */
void golden_each(const char *folder,
                 void (*test)(const golden *file, const char *name));

#endif

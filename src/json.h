/* Just enough strict JSON to read the header of a safetensors file: objects of
 * strings, and of tensors. Never reads outside [at, end). */
#ifndef RNN_JSON_H
#define RNN_JSON_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  const char *at, *end;
} json;

/* The characters between the quotes, escapes as they stand. */
typedef struct {
  const char *at;
  size_t length;
} json_text;

/* All return 1 and move past what they found, or 0. */
int json_token(json *in, char token); /* one of {}[]:, after white space */
int json_string(json *in, json_text *text);
int json_end(json *in); /* nothing but white space is left */
int json_whole(json *in, uint64_t *number); /* below 2^53, no sign */

int json_is(json_text text, const char *word);

#endif

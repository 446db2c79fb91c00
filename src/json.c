#include "json.h"

#include <string.h>

static void skip_space(json *in) {
  while (in->at < in->end && (*in->at == ' ' || *in->at == '\t' ||
                              *in->at == '\n' || *in->at == '\r'))
    in->at++;
}

int json_token(json *in, char token) {
  skip_space(in);
  if (in->at == in->end || *in->at != token) return 0;
  in->at++;
  return 1;
}

int json_end(json *in) {
  skip_space(in);
  return in->at == in->end;
}

static int is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
         (c >= 'A' && c <= 'F');
}

/* Past a backslash: one of the short escapes, or u and four digits. */
static int skip_escape(json *in) {
  if (in->at == in->end) return 0;
  char kind = *in->at++;
  if (kind != 'u') return kind && strchr("\"\\/bfnrt", kind) != NULL;
  for (int i = 0; i < 4; i++)
    if (in->at == in->end || !is_hex(*in->at++)) return 0;
  return 1;
}

int json_string(json *in, json_text *text) {
  if (!json_token(in, '"')) return 0;
  text->at = in->at;
  while (in->at < in->end && *in->at != '"') {
    char c = *in->at++;
    if ((unsigned char)c < 0x20) return 0;
    if (c == '\\' && !skip_escape(in)) return 0;
  }
  text->length = (size_t)(in->at - text->at);
  return json_token(in, '"');
}

int json_whole(json *in, uint64_t *number) {
  skip_space(in);
  const char *start = in->at;
  *number = 0;
  while (in->at < in->end && *in->at >= '0' && *in->at <= '9') {
    *number = *number * 10 + (uint64_t)(*in->at++ - '0');
    if (*number >= (uint64_t)1 << 53) return 0;
  }
  size_t digits = (size_t)(in->at - start);
  return digits == 1 || (digits > 1 && *start != '0');
}

int json_is(json_text text, const char *word) {
  return text.length == strlen(word) && !memcmp(text.at, word, text.length);
}

#include "print.h"

#include <stdint.h>
#include <string.h>

#include "decimal.h"

typedef struct {
  char *to;
  size_t used, size;
} sink;

static void put(sink *out, const char *text, size_t length) {
  size_t room = out->size - 1 - out->used;
  size_t count = length < room ? length : room;
  memcpy(out->to + out->used, text, count);
  out->used += count;
}

static void put_whole(sink *out, uint64_t n, unsigned base, int width) {
  char digits[20], *at = digits + sizeof digits;
  do *--at = "0123456789abcdef"[n % base];
  while (n /= base);
  while (at > digits && digits + sizeof digits - at < width) *--at = '0';
  put(out, at, (size_t)(digits + sizeof digits - at));
}

static void put_text(sink *out, const char *text, int most) {
  size_t length = 0;
  while ((most < 0 || length < (size_t)most) && text[length]) length++;
  put(out, text, length);
}

static int read_whole(const char **at) {
  int n = 0;
  while (**at >= '0' && **at <= '9') n = n * 10 + (*(*at)++ - '0');
  return n;
}

size_t rnn_vprint(char *to, size_t size, const char *format, va_list list) {
  sink out = {to, 0, size};
  va_list values;
  va_copy(values, list);
  for (const char *at = format; *at; at++) {
    if (*at != '%') {
      put(&out, at, 1);
      continue;
    }
    at++;
    int width = read_whole(&at), precision = -1, longer = 0;
    if (*at == '.') {
      at++;
      precision = *at == '*' ? va_arg(values, int) : read_whole(&at);
      if (*at == '*') at++;
    }
    for (; *at == 'l'; at++) longer = 1;
    char number[RNN_DECIMAL_TEXT];
    switch (*at) {
    case 's': put_text(&out, va_arg(values, const char *), precision); break;
    case 'd': {
      int n = va_arg(values, int);
      if (n < 0) put(&out, "-", 1);
      put_whole(&out, n < 0 ? 0u - (unsigned)n : (unsigned)n, 10, width);
      break;
    }
    case 'u':
    case 'x':
      put_whole(&out,
                longer ? va_arg(values, unsigned long long)
                       : va_arg(values, unsigned),
                *at == 'u' ? 10 : 16, width);
      break;
    case 'g':
      put(&out, number,
          rnn_decimal_write(number, va_arg(values, double),
                            precision < 0 ? 6 : precision));
      break;
    default: /* c */
      number[0] = (char)va_arg(values, int);
      put(&out, number, 1);
    }
  }
  va_end(values);
  to[out.used] = '\0';
  return out.used;
}

size_t rnn_print(char *to, size_t size, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  size_t used = rnn_vprint(to, size, format, arguments);
  va_end(arguments);
  return used;
}

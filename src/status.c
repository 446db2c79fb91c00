#include "status.h"

#include <stdarg.h>

#include "print.h"

rnn_status rnn_fail(rnn_error *error, rnn_status status, const char *format,
                    ...) {
  if (!error) return status;
  va_list arguments;
  va_start(arguments, format);
  rnn_vprint(error->message, sizeof error->message, format, arguments);
  va_end(arguments);
  return status;
}

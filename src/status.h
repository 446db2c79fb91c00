/* Status codes, and how a function says what was wrong.
 *
 * One table makes the enum and the codes that JavaScript sees. Messages carry
 * the numbers. */
#ifndef RNN_STATUS_H
#define RNN_STATUS_H

#define RNN_STATUSES(X)                                                        \
  X(OK, "ok")                                                                  \
  X(INVALID_CONFIG, "invalid-config")                                          \
  X(INVALID_BATCH, "invalid-batch")                                            \
  X(INVALID_TEXT, "invalid-text")                                              \
  X(OUT_OF_MEMORY, "out-of-memory")                                            \
  X(DIVERGED, "diverged")                                                      \
  X(BAD_CHECKPOINT, "bad-checkpoint")                                          \
  X(NOT_LIVE, "not-live")

typedef enum {
#define X(name, code) RNN_##name,
  RNN_STATUSES(X)
#undef X
      RNN_STATUS_COUNT
} rnn_status;

/* One sentence for a person, with the numbers that make it clear. */
typedef struct {
  char message[256];
} rnn_error;

#ifdef __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
/* Writes the sentence to `error` (which may be NULL) and returns `status`. */
rnn_status
rnn_fail(rnn_error *error, rnn_status status, const char *format, ...);

#endif

/* From a batch, (B, T) in the caller's order, to a window, (T, B) in panels. */
#include "model.h"
#include "seq2seq.h"

static rnn_status check_size(const rnn_batch *batch, uint32_t B, uint32_t T,
                             rnn_error *error) {
  if (batch->batch < 1 || batch->batch > B)
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "batch of %u sequences is outside 1 … %u",
                    (unsigned)batch->batch, (unsigned)B);
  if (batch->steps < 1 || batch->steps > T)
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "sequence of %u steps is outside 1 … %u",
                    (unsigned)batch->steps, (unsigned)T);
  for (uint32_t b = 0; batch->lengths && b < batch->batch; b++)
    if (batch->lengths[b] < 1 || batch->lengths[b] > batch->steps)
      return rnn_fail(error, RNN_INVALID_BATCH,
                      "sequence %u has %u steps, outside 1 … %u", (unsigned)b,
                      (unsigned)batch->lengths[b], (unsigned)batch->steps);
  return RNN_OK;
}

/* What the batch must have, and what it may not lack. */
static const char *missing(const rnn_batch *batch, const rnn_config *config) {
  if (config->input == RNN_VECTOR ? !batch->vectors : !batch->inputs)
    return config->input == RNN_VECTOR ? "vectors" : "inputs";
  if (config->loss == RNN_CROSS_ENTROPY ? !batch->targets : !batch->values)
    return config->loss == RNN_CROSS_ENTROPY ? "targets" : "values";
  return NULL;
}

static rnn_status outside(rnn_error *error, const char *what, int32_t symbol,
                          uint32_t b, uint32_t t, int64_t limit) {
  return rnn_fail(error, RNN_INVALID_BATCH,
                  "%s %d of sequence %u, step %u is outside the vocabulary "
                  "of %d",
                  what, (int)symbol, (unsigned)b, (unsigned)t, (int)limit);
}

static rnn_status read_input(rnn_window *w, const rnn_config *config,
                             const rnn_batch *batch, uint32_t b, uint32_t t,
                             rnn_error *error) {
  size_t at = (size_t)b * batch->steps + t, r = (size_t)t * batch->batch + b;
  if (config->input == RNN_VECTOR) {
    rnn_write_row(w->vectors, w->stride, r,
                  batch->vectors + at * config->input_size, config->input_size);
    return RNN_OK;
  }
  int32_t x = batch->inputs[at];
  if (x < 0 || x >= (int64_t)config->vocabulary)
    return outside(error, "input", x, b, t, config->vocabulary);
  w->inputs[r] = (uint32_t)x;
  return RNN_OK;
}

/* Target `at` of the batch becomes that of row r. */
static rnn_status read_target(rnn_window *w, const rnn_config *config,
                              const rnn_batch *batch, size_t at, size_t r,
                              uint32_t b, uint32_t t, size_t *counted,
                              rnn_error *error) {
  uint32_t O = rnn_outputs(config), length = w->lengths[b];
  int padding = !config->pool && t >= length;
  int32_t y = 0;
  if (config->loss != RNN_CROSS_ENTROPY) {
    rnn_write_row(w->values, w->stride, r, batch->values + at * O, O);
    y = batch->targets ? batch->targets[at] : 0;
  } else {
    y = batch->targets[at];
    if (y < -1 || y >= (int64_t)O) return outside(error, "target", y, b, t, O);
  }
  int skipped = y < 0 || padding || (batch->mask && !batch->mask[at]);
  w->targets[r] = skipped ? -1 : y;
  *counted += !skipped;
  return RNN_OK;
}

static rnn_status read_sequence(rnn_window *w, const rnn_config *config,
                                const rnn_batch *batch, uint32_t b,
                                size_t *counted, rnn_error *error) {
  for (uint32_t t = 0; t < batch->steps; t++) {
    rnn_status status = read_input(w, config, batch, b, t, error);
    if (status) return status;
    if (config->pool && t) continue;
    size_t at = config->pool ? b : (size_t)b * batch->steps + t;
    size_t r = config->pool ? b : (size_t)t * batch->batch + b;
    status = read_target(w, config, batch, at, r, b, t, counted, error);
    if (status) return status;
  }
  return RNN_OK;
}

rnn_status rnn_window_read(rnn_window *w, const rnn_network *n,
                           const rnn_batch *batch, uint32_t B, uint32_t T,
                           size_t *counted, rnn_error *error) {
  const rnn_config *config = &n->config;
  rnn_status status = check_size(batch, B, T, error);
  if (status) return status;
  if (missing(batch, config))
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "this network needs %s in its batch",
                    missing(batch, config));
  rnn_window_use(w, n, batch->batch, batch->steps);
  for (uint32_t b = 0; batch->lengths && b < batch->batch; b++)
    w->lengths[b] = batch->lengths[b];
  *counted = 0;
  if (rnn_has_source(w)) status = rnn_source_read(w, n, batch, error);
  if (status) return status;
  for (uint32_t b = 0; b < batch->batch; b++) {
    status = read_sequence(w, config, batch, b, counted, error);
    if (status) return status;
  }
  if (*counted == 0)
    return rnn_fail(
        error, RNN_INVALID_BATCH, "none of the %u targets is counted",
        (unsigned)(batch->batch * (config->pool ? 1 : batch->steps)));
  if (config->loss != RNN_CROSS_ENTROPY) *counted *= rnn_outputs(config);
  return RNN_OK;
}

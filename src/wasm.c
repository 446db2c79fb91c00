/* The WebAssembly host: exports, nothing else.
 *
 * JavaScript sees numbers only: pointers, and doubles where C has 64 bits.
 * Functions that can fail return a status; `last_error` says why. */
#include "memory.h"
#include "peak.h"
#include "rnn.h"

#define EXPORT(name) __attribute__((export_name(#name)))

static rnn_error error;

EXPORT(last_error) const char *last_error(void) {
  return error.message;
}

EXPORT(status_code) const char *status_code(rnn_status status) {
  static const char *const codes[] = {
#define X(name, code) code,
      RNN_STATUSES(X)
#undef X
  };
  return codes[status];
}

/* NULL when there is no room. */
EXPORT(allocate) void *allocate(double bytes) {
  return bytes > 4294900000.0 ? NULL : rnn_memory_take((size_t)bytes);
}

EXPORT(release) void release(void *block) {
  rnn_memory_give_back(block);
}

/* 1 where products and sums are fused, so that the last bits are the machine's
 * own. */
EXPORT(fused) int fused(void) {
#ifdef RNN_FUSED
  return 1;
#else
  return 0;
#endif
}

/* --- Fields and configurations ------------------------------------------- */

EXPORT(field_count) int field_count(void) {
  int count = 0;
  while (rnn_field_at(count)) count++;
  return count;
}

EXPORT(field_name) const char *field_name(int index) {
  return rnn_field_at(index)->name;
}

EXPORT(field_choices) const char *field_choices(int index) {
  return rnn_field_at(index)->choices;
}

enum { FIELD_KIND, FIELD_INITIAL, FIELD_MINIMUM, FIELD_MAXIMUM, FIELD_LIVE };

EXPORT(field_number) double field_number(int index, int which) {
  const rnn_field *field = rnn_field_at(index);
  switch (which) {
  case FIELD_KIND: return field->kind;
  case FIELD_INITIAL: return field->initial;
  case FIELD_MINIMUM: return field->minimum;
  case FIELD_MAXIMUM: return field->maximum;
  default: return field->live;
  }
}

EXPORT(config_new) rnn_config *config_new(void) {
  rnn_config *config = rnn_memory_take(sizeof *config);
  if (config) rnn_config_default(config);
  return config;
}

EXPORT(config_get) double config_get(const rnn_config *config, int field) {
  return rnn_config_get(config, field);
}

EXPORT(config_check) rnn_status config_check(const rnn_config *config) {
  return rnn_config_check(config, &error);
}

EXPORT(config_set)
rnn_status config_set(rnn_config *config, int field, double value) {
  return rnn_config_set(config, field, value, &error);
}

/* --- Models ----------------------------------------------------------------
 */

EXPORT(model_size) double model_size(const rnn_config *config) {
  return (double)rnn_model_size(config);
}

EXPORT(model_init)
rnn_model *model_init(void *block, const rnn_config *config) {
  return rnn_model_init(block, config);
}

EXPORT(model_config) const rnn_config *model_config(const rnn_model *model) {
  return rnn_model_config(model);
}

EXPORT(model_configure)
rnn_status model_configure(rnn_model *model, int field, double value) {
  return rnn_configure(model, field, value, &error);
}

EXPORT(model_iteration) double model_iteration(const rnn_model *model) {
  return (double)rnn_iteration(model);
}

EXPORT(model_learning_rate)
double model_learning_rate(const rnn_model *model) {
  return rnn_learning_rate(model);
}

EXPORT(model_reset_state) void model_reset_state(rnn_model *model) {
  rnn_reset_state(model);
}

EXPORT(parameter_count) int parameter_count(const rnn_model *model) {
  return rnn_parameter_count(model);
}

EXPORT(parameter_shape)
void parameter_shape(const rnn_model *model, int index, rnn_shape *shape) {
  *shape = rnn_parameter_shape(model, index);
}

EXPORT(parameter_get)
void parameter_get(const rnn_model *model, int index, real *values) {
  rnn_parameter_get(model, index, values);
}

EXPORT(parameter_set)
rnn_status parameter_set(rnn_model *model, int index, const real *values) {
  return rnn_parameter_set(model, index, values, &error);
}

EXPORT(gradient_get)
void gradient_get(const rnn_model *model, int index, real *values) {
  rnn_gradient_get(model, index, values);
}

/* --- Training ----------------------------------------------------------------
 */

/* `result`: loss, gradient norm, symbols read. */
static rnn_status tell(rnn_status status, const rnn_result *from,
                       double *result) {
  if (status) return status;
  result[0] = from->loss;
  result[1] = from->gradient_norm;
  result[2] = (double)from->symbols;
  return RNN_OK;
}

enum { FORWARD, BACKWARD, STEP };

EXPORT(model_run)
rnn_status model_run(rnn_model *model, int what, const rnn_batch *batch,
                     double *result) {
  rnn_result told;
  rnn_status status = what == FORWARD ? rnn_forward(model, batch, &told, &error)
                      : what == BACKWARD
                          ? rnn_backward(model, batch, &told, &error)
                          : rnn_step(model, batch, &told, &error);
  return tell(status, &told, result);
}

/* `plan`: batch, steps. */
EXPORT(model_read)
rnn_status model_read(rnn_model *model, const void *symbols, int width,
                      double length, double *plan) {
  rnn_status status = rnn_read(model, symbols, width, (uint64_t)length, &error);
  rnn_plan made = rnn_reading_plan(model);
  plan[0] = made.batch;
  plan[1] = made.steps;
  return status;
}

EXPORT(model_train)
rnn_status model_train(rnn_model *model, double iterations, double *result) {
  rnn_result told;
  return tell(rnn_train(model, (uint64_t)iterations, &told, &error), &told,
              result);
}

/* `result` as above; here the symbols are those of this text. */
EXPORT(model_evaluate)
rnn_status model_evaluate(rnn_model *model, const void *symbols, int width,
                          double length, double *result) {
  rnn_result told;
  return tell(
      rnn_evaluate(model, symbols, width, (uint64_t)length, &told, &error),
      &told, result);
}

/* --- Threads
 * ------------------------------------------------------------------ */

EXPORT(team_size) double team_size(uint32_t threads) {
  return (double)rnn_team_size(threads);
}

EXPORT(team_init) rnn_team *team_init(void *block, uint32_t threads) {
  return rnn_team_init(block, threads);
}

EXPORT(team_serve) void team_serve(rnn_team *team, uint32_t index) {
  rnn_team_serve(team, index);
}

EXPORT(team_dismiss) void team_dismiss(rnn_team *team) {
  rnn_team_dismiss(team);
}

EXPORT(model_use_team) void model_use_team(rnn_model *model, rnn_team *team) {
  rnn_use_team(model, team);
}

/* --- Looking inside
 * ------------------------------------------------------------ */

#if RNN_SEQ2SEQ
EXPORT(stream_read_source)
rnn_status stream_read_source(rnn_stream *stream, const int32_t *symbols,
                              const real *vectors, const uint32_t *lengths,
                              uint32_t steps) {
  return rnn_stream_read_source(stream, symbols, vectors, lengths, steps,
                                &error);
}
#endif

EXPORT(trace_size)
double trace_size(const rnn_model *model, uint32_t batch, uint32_t steps) {
  return (double)rnn_trace_size(model, batch, steps);
}

/* NULL on failure; the status is then in `*status`. */
EXPORT(trace_run)
rnn_trace *trace_run(void *block, const rnn_model *model,
                     const rnn_batch *batch, const rnn_hold *holds,
                     uint32_t hold_count, rnn_status *status) {
  rnn_trace *trace = NULL;
  *status =
      rnn_trace_run(block, model, batch, holds, hold_count, &trace, &error);
  return *status ? NULL : trace;
}

EXPORT(trace_count) int trace_count(const rnn_trace *trace) {
  return rnn_trace_count(trace);
}

EXPORT(trace_at)
void trace_at(const rnn_trace *trace, int index, rnn_trace_entry *entry) {
  *entry = rnn_trace_at(trace, index);
}

EXPORT(trace_get)
void trace_get(const rnn_trace *trace, int index, real *values) {
  rnn_trace_get(trace, index, values);
}

/* --- Looking deeper
 * ------------------------------------------------------------ */

/* `numbers`: real parts (H), imaginary parts (H), and room for (H, H). */
EXPORT(eigenvalues)
rnn_status eigenvalues(const rnn_model *model, uint32_t layer,
                       uint32_t direction, int gate, double *numbers) {
  uint32_t H = rnn_model_config(model)->hidden;
  double *matrix = numbers + 2 * H;
  rnn_status status = rnn_recurrent_weights(model, layer, direction, (char)gate,
                                            matrix, &error);
  return status ? status
                : rnn_eigenvalues(numbers, numbers + H, matrix, H, &error);
}

EXPORT(principal_components)
double principal_components(double *rows, uint32_t count, uint32_t size,
                            uint32_t components, uint32_t most, double *block,
                            double *axes, double *variances,
                            double *coordinates) {
  return rnn_principal_components(rows, count, size, components, most, block,
                                  axes, variances, coordinates);
}

EXPORT(trace_gradient_norms)
void trace_gradient_norms(const rnn_trace *trace, double *norms) {
  rnn_trace_gradient_norms(trace, norms);
}

EXPORT(probe_size)
double probe_size(const rnn_model *model, uint32_t steps) {
  return (double)rnn_probe_size(model, steps);
}

EXPORT(jacobians)
rnn_status jacobians(void *block, const rnn_model *model,
                     const rnn_batch *batch, uint32_t layer, uint32_t direction,
                     uint32_t of_c, real *matrices, double *norms) {
  rnn_state_place place = {layer, direction, of_c};
  return rnn_jacobians(block, model, batch, &place, matrices, norms, &error);
}

EXPORT(sensitivity)
rnn_status sensitivity(void *block, const rnn_model *model,
                       const rnn_batch *batch, uint32_t step, real *matrices,
                       double *norms) {
  return rnn_sensitivity(block, model, batch, step, matrices, norms, &error);
}

EXPORT(check_gradients)
rnn_status check_gradients(rnn_model *model, const rnn_batch *batch,
                           rnn_gradient_check *samples, uint32_t count,
                           uint32_t seed) {
  return rnn_check_gradients(model, batch, samples, count, seed, &error);
}

/* --- Generating
 * ------------------------------------------------------------------ */

EXPORT(stream_size)
double stream_size(const rnn_model *model, uint32_t count) {
  return (double)rnn_stream_size(model, count);
}

/* How the next texts are written, and with which symbols they end. */
static rnn_choice choice;
static const int32_t *stops;
static uint32_t stop_length;

EXPORT(choose)
void choose(double repetition_penalty, const real *bias, double temperature,
            uint32_t top_k, double top_p, double min_p, double typical_p) {
  choice = (rnn_choice){
      repetition_penalty, bias, temperature, top_k, top_p, min_p, typical_p};
}

EXPORT(stop_at) void stop_at(const int32_t *symbols, uint32_t length) {
  stops = symbols, stop_length = length;
}

EXPORT(stream_init)
rnn_stream *stream_init(void *block, const rnn_model *model, uint32_t count) {
  return rnn_stream_init(block, model, count);
}

EXPORT(generate)
rnn_status generate(rnn_stream *stream, const int32_t *prompt,
                    uint32_t prompt_length, uint32_t length, uint32_t seed,
                    const rnn_clamp *clamps, uint32_t clamp_count,
                    int32_t *symbols, real *probabilities, real *entropies,
                    real *distributions) {
  rnn_generation options = {prompt, prompt_length, length,
                            choice, seed,          clamp_count,
                            clamps, stops,         stop_length};
  rnn_generated to = {symbols, probabilities, distributions, entropies};
  return rnn_generate(stream, &options, &to, &error);
}

EXPORT(beam_search)
rnn_status beam_search(rnn_stream *stream, const int32_t *prompt,
                       uint32_t prompt_length, uint32_t length,
                       const double *divisors, int32_t *symbols,
                       uint32_t *parents, double *log_probabilities) {
  rnn_search options = {prompt,   prompt_length, length,     choice,
                        divisors, stops,         stop_length};
  rnn_found found = {symbols, parents, log_probabilities};
  return rnn_beam_search(stream, &options, &found, &error);
}

EXPORT(gate_names) const char *gate_names(const rnn_model *model) {
  return rnn_gate_names(model);
}

EXPORT(watch)
rnn_status watch(rnn_stream *stream, const uint32_t *symbols, uint32_t length,
                 uint32_t layer, const char *parts, real *values) {
  return rnn_watch(stream, symbols, length, layer, parts, values, &error);
}

/* --- Checkpoints
 * -------------------------------------------------------------------- */

EXPORT(checkpoint_size)
double checkpoint_size(const rnn_model *model, size_t extra_length) {
  return (double)rnn_checkpoint_size(model, extra_length);
}

EXPORT(checkpoint_save)
void checkpoint_save(const rnn_model *model, const char *extra,
                     size_t extra_length, void *bytes) {
  rnn_checkpoint_save(model, extra, extra_length, bytes);
}

EXPORT(checkpoint_config)
rnn_status checkpoint_config(const void *bytes, double size,
                             rnn_config *config) {
  return rnn_checkpoint_config(bytes, (uint64_t)size, config, &error);
}

EXPORT(checkpoint_load)
rnn_model *checkpoint_load(void *block, const void *bytes, double size) {
  return rnn_checkpoint_load(block, bytes, (uint64_t)size);
}

/* --- Measuring
 * ---------------------------------------------------------------------- */

/* For benchmarks: RNN_PEAK_FLOPS operations an iteration. */
EXPORT(peak) real peak(uint32_t iterations) {
  return rnn_peak(iterations);
}

EXPORT(peak_flops) int peak_flops(void) {
  return RNN_PEAK_FLOPS;
}

/* `reals`: a multiple of 32. */
EXPORT(bandwidth)
real bandwidth(const real *block, size_t reals, uint32_t iterations) {
  return rnn_bandwidth(block, reals, iterations);
}

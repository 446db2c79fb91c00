/* Unroll: recurrent neural networks, trained by backpropagation through time.
 *
 *   rnn_config config;
 *   rnn_config_default(&config);
 *   config.vocabulary = 4;
 *   config.cell = RNN_CELL_vanilla;
 *   config.hidden = 3, config.batch = 1, config.steps = 4;
 *
 *   void *block = aligned_alloc(RNN_ALIGNMENT, rnn_model_size(&config));
 *   rnn_model *model = rnn_model_init(block, &config);
 *   const uint8_t hello[] = {0, 1, 2, 2, 3};
 *   rnn_read(model, hello, 1, 5, NULL);
 *   rnn_result result;
 *   rnn_train(model, 200, &result, NULL);           // h,e,l,l → e,l,l,o
 *
 * The library neither allocates, prints nor exits, and has no globals. Memory
 * is the caller's: ask for a size, give a block aligned to RNN_ALIGNMENT bytes,
 * release it when done. A model is used from one thread at a time.
 *
 * Notation: B sequences in a batch, T time steps, V vocabulary, H hidden units,
 * L layers, G gates of a cell. Losses are means over the counted targets, in
 * nats per symbol. The same configuration, seed and text give the same bits on
 * every machine. */
#ifndef RNN_H
#define RNN_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "fields.h"
#include "random.h"
#include "real.h"
#include "status.h"

/* --- Configuration ------------------------------------------------------ */

#define RNN_KIND_INTEGER uint32_t
#define RNN_KIND_CHOICE uint32_t
#define RNN_KIND_FLAG uint32_t
#define RNN_KIND_REAL double

typedef struct {
#define X(kind, name, ...) RNN_KIND_##kind name;
  RNN_FIELDS(X)
#undef X
} rnn_config;

enum {
#define X(kind, name, ...) RNN_FIELD_##name,
  RNN_FIELDS(X)
#undef X
      RNN_FIELD_COUNT,
  /* The last rows, which only tell of encoders. */
  RNN_SOURCE_FIELD_COUNT = 0
#define X(kind, name, ...) +1
  RNN_SOURCE_FIELDS(X)
#undef X
};

typedef enum { RNN_INTEGER, RNN_REAL, RNN_CHOICE, RNN_FLAG } rnn_kind;

typedef struct {
  double initial, minimum, maximum; /* of a choice: values 0 … count−1 */
  const char *name, *choices;
  uint8_t kind, live; /* an rnn_kind; as fields.h says */
} rnn_field;

/* Row `index` of fields.h, NULL past the last. */
const rnn_field *rnn_field_at(int index);

typedef struct {
  const char *unit, *group, *help;
} rnn_field_words;

/* What people are told of row `index`, which is one of fields.h. */
const rnn_field_words *rnn_field_words_at(int index);

void rnn_config_default(rnn_config *config);
double rnn_config_get(const rnn_config *config, int field);

/* INVALID_CONFIG when the value is not of the field's kind or out of range;
 * then `config` is as it was. */
rnn_status rnn_config_set(rnn_config *config, int field, double value,
                          rnn_error *error);

/* INVALID_CONFIG when a field, or fields together, cannot be. */
rnn_status rnn_config_check(const rnn_config *config, rnn_error *error);

/* --- Models ------------------------------------------------------------- */

typedef struct rnn_model rnn_model;

/* Bytes for a model of a checked configuration: parameters, gradients,
 * optimizer slots, activations of B·T steps. May exceed what an address holds.
 */
uint64_t rnn_model_size(const rnn_config *config);

/* A new model in `block`, its weights drawn from the seed as `initialization`
 * says, the LSTM's forget gate biased by `forget_bias`. */
rnn_model *rnn_model_init(void *block, const rnn_config *config);

const rnn_config *rnn_model_config(const rnn_model *model);

/* Changes a live field. NOT_LIVE for others, INVALID_CONFIG out of range. */
rnn_status rnn_configure(rnn_model *model, int field, double value,
                         rnn_error *error);

/* Updates done since the first weights. */
uint64_t rnn_iteration(const rnn_model *model);

/* Of the next update: the field's, as the schedule has changed it. */
double rnn_learning_rate(const rnn_model *model);

/* Zeroes the carried h and c. */
void rnn_reset_state(rnn_model *model);

/* --- Parameters, in PyTorch's names, shapes and order -------------------- */

typedef struct {
  char name[40];
  uint32_t rows, columns; /* (rows, columns), or (rows) when columns is 0 */
} rnn_shape;

int rnn_parameter_count(const rnn_model *model);
rnn_shape rnn_parameter_shape(const rnn_model *model, int index);

/* Copies of rows·max(1, columns) numbers, row-major, out first. Setting refuses
 * values that are not finite (INVALID_CONFIG) and then changes nothing. */
void rnn_parameter_get(const rnn_model *model, int index, real *values);
rnn_status rnn_parameter_set(rnn_model *model, int index, const real *values,
                             rnn_error *error);
/* ∂loss/∂parameter of the last backward pass, before clipping. */
void rnn_gradient_get(const rnn_model *model, int index, real *values);

/* --- One batch ----------------------------------------------------------- */

/* I = input_size, O = outputs. Targets are (B, T), and (B) where the output
 * comes once a sequence (pool other than each). */
typedef struct {
  uint32_t batch, steps;   /* B, T; at most the configuration's */
  const int32_t *inputs;   /* (B, T) symbols */
  const int32_t *targets;  /* (B, T) classes; −1 is not counted */
  const uint8_t *mask;     /* (B, T) or NULL; 0 is not counted */
  uint32_t fresh;          /* start from zero state, not from the carried one */
  const real *vectors;     /* (B, T, I), where inputs are vectors */
  const real *values;      /* (B, T, O) targets of the other losses; with them
                              `targets` may be NULL, or tell −1 */
  const uint32_t *lengths; /* (B) steps of each sequence, the rest is padding
                              that is not counted; NULL: all T */
  const int32_t *sources;  /* (B, S) symbols, where there is an encoder */
  const uint32_t *source_lengths; /* (B) of those, as above; NULL: all S */
  uint32_t source_steps;          /* S; at most the configuration's */
  const real *source_vectors; /* (B, S, source_size) instead of symbols, where
                                 the configuration says so */
} rnn_batch;

typedef struct {
  double loss;          /* nats per counted target */
  double gradient_norm; /* before clipping; 0 after a forward pass */
  uint64_t symbols;     /* read since the first weights */
} rnn_result;

/* All three: INVALID_BATCH (nothing changes) for sizes beyond the model's or
 * symbols outside the vocabulary, DIVERGED (nothing changes) when the loss or
 * the gradient is not finite or beyond 1e12. Only a step changes weights and
 * carried state.
 *
 * With `accumulate` n, each n-th step updates the weights, by the mean over all
 * targets of these n; the others tell the loss until then and no gradient norm.
 * What they gathered is lost when a step diverges, by a backward pass, and in a
 * checkpoint. */
rnn_status rnn_forward(rnn_model *model, const rnn_batch *batch,
                       rnn_result *result, rnn_error *error);
rnn_status rnn_backward(rnn_model *model, const rnn_batch *batch,
                        rnn_result *result, rnn_error *error);
rnn_status rnn_step(rnn_model *model, const rnn_batch *batch,
                    rnn_result *result, rnn_error *error);

/* --- A text -------------------------------------------------------------- */

/* How a text is read: B streams side by side, T symbols a window. */
typedef struct {
  uint64_t length;       /* symbols in the text */
  uint32_t batch, steps; /* the configuration's, less when the text is short */
} rnn_plan;

/* Lets `rnn_train` read `symbols`, `width` bytes each (1 or 2), which stay the
 * caller's and must outlive the training. The same text as before (also before
 * a save and load) continues where it was; another starts at its beginning.
 * INVALID_TEXT for fewer than 2 symbols or one outside the vocabulary. */
rnn_status rnn_read(rnn_model *model, const void *symbols, int width,
                    uint64_t length, rnn_error *error);
rnn_plan rnn_reading_plan(const rnn_model *model);

/* `iterations` updates, of `accumulate` windows each, along the text (truncated
 * backpropagation through time: values of h and c are carried from window to
 * window, gradients are not; at the end of the streams the state is zeroed and
 * reading starts again at a random offset below what the windows left over).
 * `result` tells of the last. INVALID_TEXT without a text; DIVERGED as for a
 * step. */
rnn_status rnn_train(rnn_model *model, uint64_t iterations, rnn_result *result,
                     rnn_error *error);

/* How well the model predicts a text, in `result->loss`; it learns nothing from
 * it. The text is read as training reads it, in streams side by side, each from
 * zero state, but to their ends; up to batch−1 last symbols are left out, and
 * `result->symbols` counts the others. Errors as rnn_read, and DIVERGED. */
rnn_status rnn_evaluate(rnn_model *model, const void *symbols, int width,
                        uint64_t length, rnn_result *result, rnn_error *error);

/* --- Threads -------------------------------------------------------------- */

/* Threads that train models together. One thread, the caller's, uses the
 * models; each other one calls rnn_team_serve and stays there. Where the build
 * has no atomics, a team has one thread. */
typedef struct rnn_team rnn_team;

uint64_t rnn_team_size(uint32_t threads);
rnn_team *rnn_team_init(void *block, uint32_t threads);

/* For thread `index`, 1 … threads−1: works until the team is dismissed. */
void rnn_team_serve(rnn_team *team, uint32_t index);
void rnn_team_dismiss(rnn_team *team);

/* Lets a model use a team from now on; NULL: alone. The bits stay the same. One
 * with an encoder goes on alone. */
void rnn_use_team(rnn_model *model, rnn_team *team);

/* --- Every number of a step ---------------------------------------------- */

typedef struct rnn_trace rnn_trace;

uint64_t rnn_trace_size(const rnn_model *model, uint32_t batch, uint32_t steps);

/* What of a unit can be held: a gate by its place in rnn_gate_names, or: */
enum { RNN_HOLD_C = 4, RNN_HOLD_H };

/* A number held by hand at one step. Of two for one number the last counts. */
typedef struct {
  uint32_t layer, direction, step, unit; /* step: as the sequence is read */
  uint32_t what;
  real value;
} rnn_hold;

/* A forward and backward pass in a block of its own; the model's gradients and
 * states stay as they are. Errors as for a forward pass.
 *
 * With `count` holds, in one sequence, those numbers are what they are held at,
 * and all that comes later follows from them. On the way back they are
 * constants: each still has its gradient, but none passes through it to what
 * would have made it. INVALID_CONFIG for what there is not; with layer_norm or
 * peepholes only h can be held. */
rnn_status rnn_trace_run(void *block, const rnn_model *model,
                         const rnn_batch *batch, const rnn_hold *holds,
                         uint32_t count, rnn_trace **trace, rnn_error *error);

typedef struct {
  char name[36];     /* "h_l0", "da_f_l1", … see README; "source.h_l0" of what
                        reads a source */
  uint32_t shape[3]; /* (B, T, n); T is 0 for initial states (B, n) */
} rnn_trace_entry;

int rnn_trace_count(const rnn_trace *trace);
rnn_trace_entry rnn_trace_at(const rnn_trace *trace, int index);
void rnn_trace_get(const rnn_trace *trace, int index, real *values);

/* --- Looking deeper ------------------------------------------------------ */

/* W_hh of one gate, named by its letter in a trace, of a layer: (H, H),
 * row-major. Where a cell has one gate only, any letter names it. Direction 1
 * is that of the reversed sequence. INVALID_CONFIG for what there is not. */
rnn_status rnn_recurrent_weights(const rnn_model *model, uint32_t layer,
                                 uint32_t direction, char gate, double *matrix,
                                 rnn_error *error);

enum { RNN_MOST_EIGENVALUES = 512 };

/* Eigenvalues of an (n, n) matrix, n at most that, which is overwritten: (n)
 * real and imaginary parts, in no order but that conjugates are neighbours.
 * INVALID_CONFIG for other sizes and numbers that are not finite, DIVERGED if
 * the iteration does not end. */
rnn_status rnn_eigenvalues(double *real_parts, double *imaginary_parts,
                           double *matrix, uint32_t n, rnn_error *error);

/* Principal components of `rows`, (count, size), whose mean is taken off:
 *
 *   axes         (components, size), orthonormal, the largest number of each
 *                positive; before, directions to start from, independent of
 *                each other: what is orthogonal to all of them is not found
 *   variances    (components + 1): along each, the largest first, and of all
 *   coordinates  (count, components)
 *
 * They are looked for among `most` directions, components … size, in a block of
 * 2·most·size doubles. Returns how far an axis v may be from being one: the
 * largest ‖C v − λ v‖, where C is the covariance and λ the variance. Go on from
 * these axes with more directions; with all of them, it is rounding. */
double rnn_principal_components(double *rows, uint32_t count, uint32_t size,
                                uint32_t components, uint32_t most,
                                double *block, double *axes, double *variances,
                                double *coordinates);

/* ‖∂loss/∂h_t‖ over units and sequences, for each layer, of it each direction,
 * and each step t: (L, D, T). */
void rnn_trace_gradient_norms(const rnn_trace *trace, double *norms);

/* h or c of a layer; the state after each step. */
typedef struct {
  uint32_t layer, direction, of_c;
} rnn_state_place;

/* Jacobians of the last state, ∂h_T/∂h_t (or c, c) of one layer, for each t:
 * `matrices` (T, H, H), a row for each unit of the last state; `norms` (2, T),
 * Frobenius and spectral. The batch is one sequence, read from zero state in a
 * block of rnn_probe_size; targets do not matter. INVALID_CONFIG for a place
 * there is not, and errors as for a forward pass. */
uint64_t rnn_probe_size(const rnn_model *model, uint32_t steps);
rnn_status rnn_jacobians(void *block, const rnn_model *model,
                         const rnn_batch *batch, const rnn_state_place *place,
                         real *matrices, double *norms, rnn_error *error);

/* Jacobians of the outputs, before softmax, by what is read at one step, be it
 * a vector, the embedding of a symbol or the one of its V numbers: `matrices`
 * (R, O, I), R = T or 1 where the output comes once; `norms` (R), Frobenius.
 * Else as above. */
rnn_status rnn_sensitivity(void *block, const rnn_model *model,
                           const rnn_batch *batch, uint32_t step,
                           real *matrices, double *norms, rnn_error *error);

/* One number of a parameter: its gradient, and what differences of the loss
 * tell of it, give or take. */
typedef struct {
  uint32_t parameter, index; /* in rnn_parameter_get's order */
  double analytic, numeric, uncertainty;
} rnn_gradient_check;

/* Checks numbers drawn by chance, from each parameter in turn. It takes 4
 * backward passes a number; the model stays as after one. Errors as theirs. */
rnn_status rnn_check_gradients(rnn_model *model, const rnn_batch *batch,
                               rnn_gradient_check *samples, uint32_t count,
                               uint32_t seed, rnn_error *error);

/* --- Generating ---------------------------------------------------------- */

/* `count` sequences side by side, each with a state of its own, which read and
 * predict one symbol at a time with the model's weights as they are then. */
typedef struct rnn_stream rnn_stream;

uint64_t rnn_stream_size(const rnn_model *model, uint32_t count);
rnn_stream *rnn_stream_init(void *block, const rnn_model *model,
                            uint32_t count);

/* Reads a source into each sequence, where there is an encoder: symbols
 * (count, steps), or vectors (count, steps, source_size), of which each has its
 * first lengths[b] (NULL: all). The other of the two may be NULL. What is
 * written then begins anew. INVALID_BATCH as for a batch. */
rnn_status rnn_stream_read_source(rnn_stream *stream, const int32_t *symbols,
                                  const real *vectors, const uint32_t *lengths,
                                  uint32_t steps, rnn_error *error);

/* Reads a symbol (below V) into each sequence, (count). */
void rnn_stream_feed(rnn_stream *stream, const uint32_t *symbols);

/* What a sequence predicts then: the logits of the next symbol, (V). */
const real *rnn_stream_logits(const rnn_stream *stream, uint32_t sequence);

/* A unit that is held at a value after each step; if c is, h = o∘tanh(c). */
typedef struct {
  uint32_t layer, unit, of_c;
  real value;
} rnn_clamp;

/* Which symbol comes next. Each rule works on what those before it have left,
 * and leaves at least one symbol; zero leaves it out. */
typedef struct {
  /* Logits of what a sequence holds already are divided by this, or multiplied
   * where they are below 0 (Keskar et al. 2019). */
  double repetition_penalty;
  const real *bias;   /* (V), added to the logits; −∞: never */
  double temperature; /* of the draw; 0: always the likeliest (greedy) */
  uint32_t top_k;     /* so many of the likeliest (Fan et al. 2018) */
  double top_p;       /* the fewest of the likeliest that have this probability
                       * together (nucleus, Holtzman et al. 2020) */
  double min_p;       /* those at least this share as likely as the likeliest
                       * (Nguyen et al. 2024) */
  double typical_p;   /* the fewest of this probability whose surprise is
                       * nearest to its mean (Meister et al. 2023) */
} rnn_choice;

typedef struct {
  const int32_t *prompt; /* read first, by all; empty: the stream goes on from
                          * where it is, as if it had not been interrupted */
  uint32_t prompt_length;
  uint32_t length; /* symbols to write, in each sequence */
  rnn_choice choice;
  uint32_t seed; /* sequence i writes what seed + i alone would write */
  uint32_t clamp_count;
  const rnn_clamp *clamps;
  const int32_t *stops; /* a sequence ends with any of these runs of at most 32
                         * symbols, −1 behind each */
  uint32_t stop_length; /* of all of them */
} rnn_generation;

typedef struct {
  int32_t *symbols;    /* (count, length); −1 after the end of a sequence */
  real *probabilities; /* of those, by the network's own logits */
  real *distributions; /* (count, length, V), or NULL */
  real *entropies;     /* (count, length) of those, in nats; or NULL */
} rnn_generated;

/* INVALID_BATCH for an empty prompt, a source not yet read, a symbol outside
 * the vocabulary, and rules that make no sense; INVALID_CONFIG for units there
 * are not. */
rnn_status rnn_generate(rnn_stream *stream, const rnn_generation *options,
                        const rnn_generated *to, rnn_error *error);

/* Searches for the likeliest texts (beam search): after each symbol, the best
 * of all continuations of the texts that are kept, as many as the stream has
 * sequences, are kept. An ended text keeps its place while it is among them.
 * All of them have the same source. */
typedef struct {
  const int32_t *prompt; /* at least one symbol */
  uint32_t prompt_length;
  uint32_t length;        /* symbols of a text, at most */
  rnn_choice choice;      /* repetition_penalty and bias alone */
  const double *divisors; /* (length + 1): a text of n symbols scores its log
                           * probability by divisors[n]; or NULL: by 1 */
  const int32_t *stops;   /* as above */
  uint32_t stop_length;
} rnn_search;

/* Row i tells of texts after i + 1 symbols, the best first: (length, count). */
typedef struct {
  int32_t *symbols;          /* written last; −1: the text had ended before */
  uint32_t *parents;         /* its place in the row before */
  double *log_probabilities; /* of the whole text; −∞: no text is here */
} rnn_found;

/* INVALID_BATCH as above. */
rnn_status rnn_beam_search(rnn_stream *stream, const rnn_search *options,
                           const rnn_found *found, rnn_error *error);

/* The letters of the cell's gates, "" where it keeps none. */
const char *rnn_gate_names(const rnn_model *model);

/* Reads symbols into a stream of one sequence, and tells what the units of a
 * layer say after each: `values` (length, parts, H), where each part is 'h',
 * 'c' or a gate by its letter in a trace. INVALID_TEXT for a symbol outside the
 * vocabulary, INVALID_CONFIG for what there is not. */
rnn_status rnn_watch(rnn_stream *stream, const uint32_t *symbols,
                     uint32_t length, uint32_t layer, const char *parts,
                     real *values, rnn_error *error);

/* --- Checkpoints (safetensors) ------------------------------------------- */

/* Bytes of a checkpoint. `extra` is a run of further metadata, members of a
 * JSON object with string values and no outer braces: "\"author\":\"me\"". */
uint64_t rnn_checkpoint_size(const rnn_model *model, size_t extra_length);

/* Writes exactly that many bytes. */
void rnn_checkpoint_save(const rnn_model *model, const char *extra,
                         size_t extra_length, void *bytes);

/* Reads the configuration, after everything in the file has been checked: form,
 * names, types, shapes, offsets, finite values. BAD_CHECKPOINT otherwise. */
rnn_status rnn_checkpoint_config(const void *bytes, uint64_t size,
                                 rnn_config *config, rnn_error *error);

/* A model as it was saved, in a block of rnn_model_size of that configuration.
 * The bytes must have passed rnn_checkpoint_config. */
rnn_model *rnn_checkpoint_load(void *block, const void *bytes, uint64_t size);

#endif

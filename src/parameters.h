/* Where each parameter lies.
 *
 * Outside, parameters have PyTorch's names and shapes. Inside they lie in
 * panels of 8 units, so that the kernels read them in order:
 *
 *   matrix (rows, columns) as [P][K][8]: row r = gate·H + u, column k is at
 *     ((gate · PANELS(H) + u / 8) · K + k) · 8 + u % 8,  K = columns, padded
 *   vector (rows)          as [P][8], the same with K = 1
 *
 * A matrix that reads both directions of a layer has its columns in two parts,
 * each padded. The embedding is looked up and not multiplied, so it lies as if
 * it were transposed: units are its columns, K are the symbols.
 *
 * What pads a panel is zero and stays zero: its gradient is zero too. */
#ifndef RNN_PARAMETERS_H
#define RNN_PARAMETERS_H

#include "rnn.h"

enum {
  RNN_MAX_LAYERS = 8,
  RNN_MAX_STRANDS = 2 * RNN_MAX_LAYERS,
  RNN_MAX_HEAD = 4,
  RNN_MAX_BRIDGES = 2 * RNN_MAX_LAYERS,
  /* of one network; and of an encoder, and what ties the two together */
  RNN_OWN_PARAMETERS = 10 * RNN_MAX_STRANDS + 2 * RNN_MAX_HEAD + 3,
  RNN_MAX_PARAMETERS = RNN_SEQ2SEQ
                           ? 2 * RNN_OWN_PARAMETERS + 2 * RNN_MAX_BRIDGES
                           : RNN_OWN_PARAMETERS
};

typedef struct {
  char name[40];
  uint32_t rows, columns; /* as PyTorch has them; columns 0: a vector */
  uint32_t gates;         /* rows = gates · units */
  uint32_t width;         /* of each part of the columns */
  uint32_t inner;         /* K: columns, their parts padded if multiplied */
  int transposed;         /* rows and columns are exchanged inside */
  uint64_t offset, count; /* in reals, padding included */
} rnn_parameter;

/* Indices in the table: of a strand, which is a layer in one direction, and of
 * a linear layer. Strand d of layer l has index l · directions + d. */
typedef struct {
  int weight_ih, bias_ih;
  int weight_hh, bias_hh, peephole, weight_skip; /* −1: none */
  int norm_ih, norm_hh, norm_c, norm_c_bias;     /* layer_norm.h */
} rnn_strand_parameters;

typedef struct {
  int weight, bias;
} rnn_linear_parameters;

/* What a decoder has for its source (seq2seq.h, attention.h); −1: none. */
typedef struct {
  int fed;                  /* (G·H, E), from what is fed to each step */
  int query, key, score;    /* (A, H), (A or H, E), (A) */
  int of_context, of_state; /* (H, E), (H, H) */
  rnn_linear_parameters bridge[RNN_MAX_BRIDGES]; /* (H, E) */
} rnn_source_parameters;

typedef struct {
  int count, own; /* in all; those that are not the encoder's */
  uint64_t reals; /* of all together */
  rnn_parameter table[RNN_MAX_PARAMETERS];
  const char *prefix; /* of their names */
  int embedding;      /* −1: none */
  rnn_strand_parameters strands[RNN_MAX_STRANDS];
  rnn_linear_parameters head[RNN_MAX_HEAD + 1]; /* the last is the output; an
                                                   encoder has none, −1 */
  rnn_source_parameters source;
} rnn_parameters;

static inline uint32_t rnn_directions(const rnn_config *config) {
  return config->bidirectional ? 2 : 1;
}

static inline uint32_t rnn_strands(const rnn_config *config) {
  return config->layers * rnn_directions(config);
}

/* Numbers of an input that is a vector, itself or by its embedding; 0: inputs
 * are symbols, looked up in the first layer's weights. */
static inline uint32_t rnn_input_size(const rnn_config *config) {
  return config->input == RNN_ONE_HOT ? 0 : config->input_size;
}

/* Numbers that come out of a step. */
static inline uint32_t rnn_outputs(const rnn_config *config) {
  return config->outputs ? config->outputs : config->vocabulary;
}

#if RNN_SEQ2SEQ
#define RNN_OF_SOURCE(config, field) ((config)->field)
#else
#define RNN_OF_SOURCE(config, field) ((void)(config), 0)
#endif

/* Steps of the sequence that an encoder reads first; 0: there is no encoder. */
static inline uint32_t rnn_source_steps(const rnn_config *config) {
  return RNN_OF_SOURCE(config, source_steps);
}

static inline uint32_t rnn_attention(const rnn_config *config) {
  return rnn_source_steps(config) ? RNN_OF_SOURCE(config, attention) : 0;
}

/* Something of the source enters each step of layer 0. */
static inline int rnn_is_fed(const rnn_config *config) {
  return rnn_source_steps(config) &&
         (RNN_OF_SOURCE(config, context) == RNN_EACH_STEP ||
          rnn_attention(config) == RNN_ADDITIVE);
}

/* Units in each layer of the encoder. */
static inline uint32_t rnn_encoder_hidden(const rnn_config *config) {
  uint32_t hidden = RNN_OF_SOURCE(config, source_hidden);
  return hidden ? hidden : config->hidden;
}

/* Units in the widest layer of all. */
static inline uint32_t rnn_most_hidden(const rnn_config *config) {
  uint32_t hidden = rnn_source_steps(config) ? rnn_encoder_hidden(config) : 0;
  return hidden > config->hidden ? hidden : config->hidden;
}

/* The output shares its weights with the embedding. */
static inline int rnn_tied(const rnn_parameters *parameters,
                           const rnn_config *config) {
  int weight = parameters->head[config->head_layers].weight;
  return weight >= 0 && weight == parameters->embedding;
}

/* Of all that a configuration has; those of its encoder come last. */
void rnn_parameters_layout(rnn_parameters *parameters,
                           const rnn_config *config);

/* Of an encoder alone, which has no head. They begin with the reals that are
 * counted already, and their names with a prefix. */
void rnn_encoder_parameters_layout(rnn_parameters *parameters,
                                   const rnn_config *encoder);

/* One more, for seq2seq.c: `gates` · `units` rows, `parts` · `width` columns,
 * of none: a vector. */
__attribute__((format(printf, 6, 7))) int
rnn_parameter_add(rnn_parameters *parameters, uint32_t gates, uint32_t units,
                  uint32_t parts, uint32_t width, const char *format, ...);

/* PyTorch's count of numbers, without padding. */
uint64_t rnn_parameter_numbers(const rnn_parameter *parameter);

/* Where number (row, column) is, from the parameter's offset on. */
uint64_t rnn_parameter_place(const rnn_parameter *parameter, uint32_t row,
                             uint32_t column);

/* Between the padded panels and PyTorch's row-major order. */
void rnn_parameter_unpack(real *values, const rnn_parameter *parameter,
                          const real *panels);
void rnn_parameter_pack(real *panels, const rnn_parameter *parameter,
                        const real *values);

/* Sets all values, which are zero, but for those of an encoder, as the
 * configuration says: see initialise.c. `square` is
 * (H + 2, H), to find a spectral radius in; NULL: it is not asked for. */
void rnn_parameters_initialise(real *values, const rnn_parameters *parameters,
                               const rnn_config *config, rnn_random *random,
                               double *square);

#endif

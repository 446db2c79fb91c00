#include "parameters.h"

#include <stdarg.h>
#include <string.h>

#include "cell.h"
#include "print.h"
#include "seq2seq.h"

/* A matrix of `parts` · `width` columns, of none: a vector; its name is set.
 * Where symbols are looked up in it, its columns need no padding. */
static int add(rnn_parameters *all, uint32_t gates, uint32_t units,
               uint32_t parts, uint32_t width, int looked_up) {
  rnn_parameter *p = &all->table[all->count];
  p->rows = gates * units;
  p->columns = parts * width;
  p->gates = gates;
  p->width = width;
  p->inner = !parts ? 1 : looked_up ? width : parts * PANELS(width) * PANEL;
  p->transposed = 0;
  p->offset = all->reals;
  p->count = (uint64_t)gates * PANELS(units) * p->inner * PANEL;
  all->reals += p->count;
  return all->count++;
}

static void name_with(rnn_parameters *all, const char *format,
                      va_list arguments) {
  rnn_parameter *p = &all->table[all->count];
  size_t used = 0;
  if (RNN_SEQ2SEQ) used = rnn_print(p->name, sizeof p->name, "%s", all->prefix);
  rnn_vprint(p->name + used, sizeof p->name - used, format, arguments);
}

__attribute__((format(printf, 2, 3))) static void
name_next(rnn_parameters *all, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  name_with(all, format, arguments);
  va_end(arguments);
}

int rnn_parameter_add(rnn_parameters *all, uint32_t gates, uint32_t units,
                      uint32_t parts, uint32_t width, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  name_with(all, format, arguments);
  va_end(arguments);
  return add(all, gates, units, parts, width, 0);
}

/* (V, E), inside [E/8][V][8]. */
static int add_embedding(rnn_parameters *all, const rnn_config *config) {
  name_next(all, "embedding.weight");
  int index = add(all, 1, config->input_size, 1, config->vocabulary, 0);
  rnn_parameter *p = &all->table[index];
  p->transposed = 1;
  p->rows = config->vocabulary;
  p->columns = config->input_size;
  return index;
}

/* The gains γ, in `gates` parts, and of c also β. */
static void add_norms(rnn_parameters *all, const rnn_config *config,
                      rnn_strand_parameters *strand, uint32_t l,
                      const char *reverse) {
  uint32_t G = (uint32_t)rnn_cell_of(config)->gates, H = config->hidden;
  name_next(all, "rnn.norm_ih_l%u%s.weight", (unsigned)l, reverse);
  strand->norm_ih = add(all, G, H, 0, 0, 0);
  name_next(all, "rnn.norm_hh_l%u%s.weight", (unsigned)l, reverse);
  strand->norm_hh = add(all, G, H, 0, 0, 0);
  if (!rnn_cell_of(config)->has_c) return;
  name_next(all, "rnn.norm_c_l%u%s.weight", (unsigned)l, reverse);
  strand->norm_c = add(all, 1, H, 0, 0, 0);
  name_next(all, "rnn.norm_c_l%u%s.bias", (unsigned)l, reverse);
  strand->norm_c_bias = add(all, 1, H, 0, 0, 0);
}

static void add_strand(rnn_parameters *all, const rnn_config *config,
                       uint32_t l, uint32_t d) {
  static const char *const suffixes[] = {"", "_reverse"};
  uint32_t D = rnn_directions(config), G = (uint32_t)rnn_cell_of(config)->gates;
  uint32_t H = config->hidden;
  uint32_t size = rnn_input_size(config);
  uint32_t first = size ? size : config->vocabulary;
  rnn_strand_parameters *strand = &all->strands[l * D + d];
  const char *reverse = suffixes[d];
  int recurs = rnn_cell_of(config)->weights != NULL;
  strand->weight_hh = strand->bias_hh = -1;
  strand->peephole = strand->weight_skip = -1;
  strand->norm_ih = strand->norm_hh = strand->norm_c = strand->norm_c_bias = -1;
  name_next(all, "rnn.weight_ih_l%u%s", (unsigned)l, reverse);
  strand->weight_ih = add(all, G, H, l ? D : 1, l ? H : first, !l && !size);
  if (recurs) {
    name_next(all, "rnn.weight_hh_l%u%s", (unsigned)l, reverse);
    strand->weight_hh = add(all, G, H, 1, H, 0);
  }
  name_next(all, "rnn.bias_ih_l%u%s", (unsigned)l, reverse);
  strand->bias_ih = add(all, G, H, 0, 0, 0);
  if (recurs) {
    name_next(all, "rnn.bias_hh_l%u%s", (unsigned)l, reverse);
    strand->bias_hh = add(all, G, H, 0, 0, 0);
  }
  if (config->peephole) {
    name_next(all, "rnn.weight_peephole_l%u%s", (unsigned)l, reverse);
    strand->peephole = add(all, 3, H, 0, 0, 0); /* i, f, o */
  }
  if (config->skip) {
    name_next(all, "rnn.weight_skip_l%u%s", (unsigned)l, reverse);
    strand->weight_skip = add(all, G, H, 1, H, 0);
  }
  if (config->layer_norm) add_norms(all, config, strand, l, reverse);
}

static void add_head(rnn_parameters *all, const rnn_config *config) {
  uint32_t parts = rnn_directions(config), width = config->hidden;
  for (uint32_t m = 0; m <= config->head_layers; m++) {
    int last = m == config->head_layers;
    uint32_t units = last ? rnn_outputs(config) : config->head_size;
    if (last && config->tie) {
      all->head[m].weight = all->embedding;
    } else {
      if (last)
        name_next(all, "output.weight");
      else
        name_next(all, "head.%u.weight", (unsigned)m);
      all->head[m].weight = add(all, 1, units, parts, width, 0);
    }
    if (last)
      name_next(all, "output.bias");
    else
      name_next(all, "head.%u.bias", (unsigned)m);
    all->head[m].bias = add(all, 1, units, 0, 0, 0);
    parts = 1, width = units;
  }
}

static void add_layers(rnn_parameters *all, const rnn_config *config) {
  all->count = 0;
  all->embedding =
      config->input == RNN_EMBEDDING ? add_embedding(all, config) : -1;
  for (uint32_t l = 0; l < config->layers; l++)
    for (uint32_t d = 0; d < rnn_directions(config); d++)
      add_strand(all, config, l, d);
}

void rnn_parameters_layout(rnn_parameters *all, const rnn_config *config) {
  all->reals = 0;
  all->prefix = rnn_source_steps(config) ? "decoder." : "";
  add_layers(all, config);
  add_head(all, config);
  all->own = all->count;
  if (rnn_source_steps(config)) rnn_source_parameters_layout(all, config);
}

void rnn_encoder_parameters_layout(rnn_parameters *all,
                                   const rnn_config *encoder) {
  all->prefix = "encoder.";
  add_layers(all, encoder);
  all->own = all->count;
  for (uint32_t m = 0; m <= RNN_MAX_HEAD; m++)
    all->head[m] = (rnn_linear_parameters){-1, -1};
}

uint64_t rnn_parameter_numbers(const rnn_parameter *p) {
  return (uint64_t)p->rows * (p->columns ? p->columns : 1);
}

/* Where row r begins; its numbers are PANEL apart, but for the padding between
 * two parts. */
static uint64_t row_start(const rnn_parameter *p, uint32_t r) {
  uint32_t units = p->rows / p->gates, gate = r / units, u = r % units;
  return ((uint64_t)gate * PANELS(units) + u / PANEL) * p->inner * PANEL +
         u % PANEL;
}

static uint64_t column_start(const rnn_parameter *p, uint32_t k) {
  if (!p->columns) return 0;
  return ((uint64_t)(k / p->width) * PANELS(p->width) * PANEL + k % p->width) *
         PANEL;
}

uint64_t rnn_parameter_place(const rnn_parameter *p, uint32_t row,
                             uint32_t column) {
  if (p->transposed)
    return ((uint64_t)(column / PANEL) * p->inner + row) * PANEL +
           column % PANEL;
  return row_start(p, row) + column_start(p, column);
}

void rnn_parameter_unpack(real *values, const rnn_parameter *p,
                          const real *panels) {
  uint32_t columns = p->columns ? p->columns : 1;
  for (uint32_t r = 0; r < p->rows; r++)
    for (uint32_t k = 0; k < columns; k++)
      *values++ = panels[rnn_parameter_place(p, r, k)];
}

void rnn_parameter_pack(real *panels, const rnn_parameter *p,
                        const real *values) {
  uint32_t columns = p->columns ? p->columns : 1;
  for (uint32_t r = 0; r < p->rows; r++)
    for (uint32_t k = 0; k < columns; k++)
      panels[rnn_parameter_place(p, r, k)] = *values++;
}

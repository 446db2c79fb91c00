#include "parameters.h"

#include <math.h>
#include <string.h>

#include "cell.h"
#include "print.h"

static int add(rnn_parameters *all, const char *name, int layer, uint32_t gates,
               uint32_t units, uint32_t columns, int multiplied) {
  rnn_parameter *p = &all->table[all->count];
  if (layer < 0)
    rnn_print(p->name, sizeof p->name, "%s", name);
  else
    rnn_print(p->name, sizeof p->name, "rnn.%s_l%d", name, layer);
  p->rows = gates * units;
  p->columns = columns;
  p->gates = gates;
  p->inner = !columns ? 1 : multiplied ? PANELS(columns) * PANEL : columns;
  p->offset = all->reals;
  p->count = (uint64_t)gates * PANELS(units) * p->inner * PANEL;
  all->reals += p->count;
  return all->count++;
}

void rnn_parameters_layout(rnn_parameters *all, const rnn_config *config) {
  uint32_t G = (uint32_t)rnn_cell_of(config)->gates, H = config->hidden;
  all->count = 0;
  all->reals = 0;
  for (uint32_t l = 0; l < config->layers; l++) {
    /* The first layer looks symbols up; the others multiply. */
    uint32_t inputs = l ? H : config->vocabulary;
    rnn_layer_parameters *layer = &all->layers[l];
    layer->weight_ih = add(all, "weight_ih", (int)l, G, H, inputs, l > 0);
    layer->weight_hh = add(all, "weight_hh", (int)l, G, H, H, 1);
    layer->bias_ih = add(all, "bias_ih", (int)l, G, H, 0, 0);
    layer->bias_hh = add(all, "bias_hh", (int)l, G, H, 0, 0);
  }
  uint32_t V = config->vocabulary;
  all->output_weight = add(all, "output.weight", -1, 1, V, H, 1);
  all->output_bias = add(all, "output.bias", -1, 1, V, 0, 0);
}

uint64_t rnn_parameter_numbers(const rnn_parameter *p) {
  return (uint64_t)p->rows * (p->columns ? p->columns : 1);
}

/* Where row r begins; column k is k·PANEL further. */
static uint64_t row_start(const rnn_parameter *p, uint32_t r) {
  uint32_t units = p->rows / p->gates, gate = r / units, u = r % units;
  return ((uint64_t)gate * PANELS(units) + u / PANEL) * p->inner * PANEL +
         u % PANEL;
}

uint64_t rnn_parameter_place(const rnn_parameter *p, uint32_t row,
                             uint32_t column) {
  return row_start(p, row) + (uint64_t)column * PANEL;
}

void rnn_parameter_unpack(real *values, const rnn_parameter *p,
                          const real *panels) {
  uint32_t columns = p->columns ? p->columns : 1;
  for (uint32_t r = 0; r < p->rows; r++) {
    const real *row = panels + row_start(p, r);
    for (uint32_t k = 0; k < columns; k++) *values++ = row[(uint64_t)k * PANEL];
  }
}

void rnn_parameter_pack(real *panels, const rnn_parameter *p,
                        const real *values) {
  uint32_t columns = p->columns ? p->columns : 1;
  for (uint32_t r = 0; r < p->rows; r++) {
    real *row = panels + row_start(p, r);
    for (uint32_t k = 0; k < columns; k++) row[(uint64_t)k * PANEL] = *values++;
  }
}

/* The forget gate starts biased, once: in bias_ih, while bias_hh is zero. */
static void bias_forget_gate(real *values, const rnn_parameters *all,
                             const rnn_config *config) {
  int forget = rnn_cell_of(config)->forget_gate;
  if (forget < 0) return;
  for (uint32_t l = 0; l < config->layers; l++) {
    const rnn_parameter *input = &all->table[all->layers[l].bias_ih];
    const rnn_parameter *hidden = &all->table[all->layers[l].bias_hh];
    for (uint32_t u = 0; u < config->hidden; u++) {
      uint32_t r = (uint32_t)forget * config->hidden + u;
      values[input->offset + row_start(input, r)] = (real)config->forget_bias;
      values[hidden->offset + row_start(hidden, r)] = 0;
    }
  }
}

void rnn_parameters_initialise(real *values, const rnn_parameters *all,
                               const rnn_config *config, rnn_random *random) {
  double bound = 1 / sqrt((double)config->hidden);
  memset(values, 0, (size_t)all->reals * sizeof(real));
  for (int i = 0; i < all->count; i++) {
    const rnn_parameter *p = &all->table[i];
    uint32_t columns = p->columns ? p->columns : 1;
    for (uint32_t r = 0; r < p->rows; r++) {
      real *row = values + p->offset + row_start(p, r);
      for (uint32_t k = 0; k < columns; k++)
        row[(uint64_t)k * PANEL] =
            (real)((2 * rnn_random_uniform(random) - 1) * bound);
    }
  }
  bias_forget_gate(values, all, config);
}

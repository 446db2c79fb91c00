/* How parameters start; n_in columns and n_out units of a gate, each gate for
 * itself:
 *
 *   uniform     ±1/√H, biases too, as PyTorch's cells
 *   xavier      ±√(6 / (n_in + n_out))              (Glorot and Bengio 2010)
 *   he          ±√(6 / n_in)                        (He et al. 2015)
 *   orthogonal  W_hh a random orthogonal matrix     (Saxe et al. 2014)
 *   identity    W_hh = I                            (Le et al. 2015)
 *   zeros
 *
 * With orthogonal and identity, all other matrices are as with xavier; biases
 * are zero but with uniform. At the end the forget gate has its bias. */
#include <math.h>
#include <string.h>

#include "cell.h"
#include "parameters.h"

enum { UNIFORM, XAVIER, HE, ORTHOGONAL, IDENTITY, ZEROS };

static double bound_of(const rnn_parameter *p, const rnn_config *config) {
  uint32_t kind = config->initialization;
  if (kind == UNIFORM) return 1 / sqrt((double)config->hidden);
  if (kind == ZEROS || !p->columns) return 0;
  double fans = (double)p->columns;
  if (kind != HE) fans += (double)(p->rows / p->gates);
  return sqrt(6 / fans);
}

static void draw(real *values, const rnn_parameter *p, double bound,
                 rnn_random *random) {
  uint32_t columns = p->columns ? p->columns : 1;
  for (uint32_t r = 0; bound > 0 && r < p->rows; r++)
    for (uint32_t k = 0; k < columns; k++)
      values[rnn_parameter_place(p, r, k)] =
          (real)((2 * rnn_random_uniform(random) - 1) * bound);
}

static void make_identity(real *values, const rnn_parameter *p) {
  for (uint32_t r = 0; r < p->rows; r++)
    values[rnn_parameter_place(p, r, r % p->columns)] = 1;
}

/* --- Orthogonal ----------------------------------------------------------- */

/* Normally distributed, by Marsaglia's polar method. */
static double draw_normal(rnn_random *random) {
  double x, y, s;
  do {
    x = 2 * rnn_random_uniform(random) - 1;
    y = 2 * rnn_random_uniform(random) - 1;
    s = x * x + y * y;
  } while (s >= 1 || s <= 0);
  return x * sqrt(-2 * rnn_log(s) / s);
}

/* Takes from a row, whose numbers are PANEL apart, its part along the first
 * `count` rows of a panel, which are orthonormal. */
static void remove_rows(real *row, const real *panel, size_t count,
                        size_t columns) {
  double dots[PANEL] = {0};
  for (size_t k = 0; k < columns * PANEL; k += PANEL)
    for (size_t j = 0; j < PANEL; j++)
      dots[j] += (double)row[k] * (double)panel[k + j];
  for (size_t j = count; j < PANEL; j++) dots[j] = 0;
  for (size_t k = 0; k < columns * PANEL; k += PANEL) {
    double sum = 0;
    for (size_t j = 0; j < PANEL; j++) sum += dots[j] * (double)panel[k + j];
    row[k] = (real)((double)row[k] - sum);
  }
}

static void normalise(real *row, size_t columns) {
  double sum = 0;
  for (size_t k = 0; k < columns * PANEL; k += PANEL)
    sum += (double)row[k] * (double)row[k];
  for (size_t k = 0; k < columns * PANEL; k += PANEL)
    row[k] = (real)((double)row[k] / sqrt(sum));
}

/* One gate by Gram and Schmidt's process, each row twice (Giraud et al. 2005):
 * of normally distributed rows it makes any orthogonal matrix as likely as any
 * other. */
static void make_orthogonal(real *gate, const rnn_parameter *p,
                            rnn_random *random) {
  size_t panel = (size_t)p->inner * PANEL;
  for (uint32_t r = 0; r < p->columns; r++)
    for (uint32_t k = 0; k < p->columns; k++)
      gate[rnn_parameter_place(p, r, k)] = (real)draw_normal(random);
  for (uint32_t r = 0; r < p->columns; r++) {
    real *row = gate + rnn_parameter_place(p, r, 0);
    for (int times = 0; times < 2; times++)
      for (uint32_t from = 0; from <= r; from += PANEL) {
        uint32_t count = r - from < PANEL ? r - from : PANEL;
        remove_rows(row, gate + from / PANEL * panel, count, p->columns);
      }
    normalise(row, p->columns);
  }
}

/* --- All ------------------------------------------------------------------ */

/* The forget gate starts biased, once: in bias_ih, while bias_hh is zero. */
static void bias_forget_gate(real *values, const rnn_parameters *all,
                             const rnn_config *config) {
  int forget = rnn_cell_of(config)->forget_gate;
  if (forget < 0) return;
  for (uint32_t i = 0; i < rnn_strands(config); i++) {
    const rnn_parameter *input = &all->table[all->strands[i].bias_ih];
    const rnn_parameter *hidden = &all->table[all->strands[i].bias_hh];
    for (uint32_t u = 0; u < config->hidden; u++) {
      uint32_t r = (uint32_t)forget * config->hidden + u;
      values[input->offset + rnn_parameter_place(input, r, 0)] =
          (real)config->forget_bias;
      values[hidden->offset + rnn_parameter_place(hidden, r, 0)] = 0;
    }
  }
}

static void initialise_recurrent(real *values, const rnn_parameter *p,
                                 const rnn_config *config, rnn_random *random) {
  uint64_t gate = p->count / p->gates;
  if (config->initialization == IDENTITY)
    make_identity(values, p);
  else if (config->initialization == ORTHOGONAL)
    for (uint32_t g = 0; g < p->gates; g++)
      make_orthogonal(values + g * gate, p, random);
  else
    draw(values, p, bound_of(p, config), random);
}

void rnn_parameters_initialise(real *values, const rnn_parameters *all,
                               const rnn_config *config, rnn_random *random) {
  memset(values, 0, (size_t)all->reals * sizeof(real));
  uint32_t strand = 0;
  for (int i = 0; i < all->count; i++) {
    const rnn_parameter *p = &all->table[i];
    real *at = values + p->offset;
    if (strand < rnn_strands(config) && i == all->strands[strand].weight_hh) {
      initialise_recurrent(at, p, config, random);
      strand++;
    } else {
      draw(at, p, bound_of(p, config), random);
    }
  }
  bias_forget_gate(values, all, config);
}

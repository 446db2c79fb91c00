/* How parameters start; n_in columns and n_out units of a gate, each gate for
 * itself:
 *
 *   uniform     ±1/√H, biases too, as PyTorch's cells
 *   xavier      ±√(6 / (n_in + n_out))              (Glorot and Bengio 2010)
 *   he          ±√(6 / n_in)                        (He et al. 2015)
 *   orthogonal  W_hh a random orthogonal matrix     (Saxe et al. 2014)
 *   identity    W_hh = I                            (Le et al. 2015)
 *   zeros
 *   normal      N(0, 1) · initial_deviation
 *
 * With orthogonal and identity, all other matrices are as with xavier; biases
 * are zero but with uniform. With `spectral_radius` ρ, each gate's W_hh is then
 * scaled to it: W_hh · ρ / max |λ| (Jaeger 2001). At the end the forget gate
 * has its bias. */
#include <math.h>

#include "cell.h"
#include "parameters.h"

/* Of uniform numbers the largest, of normal ones the standard deviation. */
static double bound_of(const rnn_parameter *p, const rnn_config *config) {
  uint32_t kind = config->initialization;
  if (kind == RNN_UNIFORM) return 1 / sqrt((double)config->hidden);
  if (kind == RNN_ZEROS || !p->columns) return 0;
  if (kind == RNN_NORMAL) return config->initial_deviation;
  double fans = (double)p->columns;
  if (kind != RNN_HE) fans += (double)(p->rows / p->gates);
  return sqrt(6 / fans);
}

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

static void draw(real *values, const rnn_parameter *p, const rnn_config *config,
                 rnn_random *random) {
  uint32_t columns = p->columns ? p->columns : 1;
  double bound = bound_of(p, config);
  for (uint32_t r = 0; bound > 0 && r < p->rows; r++)
    for (uint32_t k = 0; k < columns; k++) {
      double number = config->initialization == RNN_NORMAL
                          ? draw_normal(random)
                          : 2 * rnn_random_uniform(random) - 1;
      values[rnn_parameter_place(p, r, k)] = (real)(number * bound);
    }
}

static void make_identity(real *gate, const rnn_parameter *p) {
  for (uint32_t r = 0; r < p->rows; r++) gate[rnn_parameter_place(p, r, r)] = 1;
}

/* --- Orthogonal ----------------------------------------------------------- */

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

static void fill_gate(real *values, const rnn_parameter *p, int gate,
                      double value) {
  uint32_t units = p->rows / p->gates, first = (uint32_t)gate * units;
  for (uint32_t u = 0; u < units; u++)
    values[p->offset + rnn_parameter_place(p, first + u, 0)] = (real)value;
}

static void fill(real *values, const rnn_parameter *p, double value) {
  for (int gate = 0; gate < (int)p->gates; gate++)
    fill_gate(values, p, gate, value);
}

/* Layer normalisation starts with γ = 1 and β = 0, as PyTorch's. */
static void start_norms(real *values, const rnn_parameters *all,
                        const rnn_config *config) {
  for (uint32_t i = 0; config->layer_norm && i < rnn_strands(config); i++) {
    const rnn_strand_parameters *at = &all->strands[i];
    fill(values, &all->table[at->norm_ih], 1);
    fill(values, &all->table[at->norm_hh], 1);
    if (at->norm_c < 0) continue;
    fill(values, &all->table[at->norm_c], 1);
    fill(values, &all->table[at->norm_c_bias], 0);
  }
}

/* The forget gate starts biased, once: in bias_ih, while bias_hh is zero. */
static void bias_forget_gate(real *values, const rnn_parameters *all,
                             const rnn_config *config) {
  int forget = rnn_cell_of(config)->forget_gate;
  if (forget < 0) return;
  for (uint32_t i = 0; i < rnn_strands(config); i++) {
    const rnn_strand_parameters *at = &all->strands[i];
    fill_gate(values, &all->table[at->bias_ih], forget, config->forget_bias);
    if (at->bias_hh >= 0)
      fill_gate(values, &all->table[at->bias_hh], forget, 0);
  }
}

/* The largest modulus of an eigenvalue of one gate; NaN if it was not found.
 * `square` is (H + 2, H). */
static double spectral_radius(const real *gate, const rnn_parameter *p,
                              double *square) {
  size_t H = p->columns;
  double *re = square + H * H, *im = re + H, largest = 0;
  for (uint32_t r = 0; r < H; r++)
    for (uint32_t k = 0; k < H; k++)
      square[r * H + k] = (double)gate[rnn_parameter_place(p, r, k)];
  if (rnn_eigenvalues(re, im, square, p->columns, NULL)) return NAN;
  for (size_t i = 0; i < H; i++) {
    double modulus = sqrt(re[i] * re[i] + im[i] * im[i]);
    if (modulus > largest) largest = modulus;
  }
  return largest;
}

static void initialise_gate(real *gate, const rnn_parameter *p,
                            const rnn_config *config, rnn_random *random) {
  if (config->initialization == RNN_IDENTITY)
    make_identity(gate, p);
  else if (config->initialization == RNN_ORTHOGONAL)
    make_orthogonal(gate, p, random);
  else
    draw(gate, p, config, random);
}

/* Gate by gate. What has no radius to scale, which takes bad luck, is drawn
 * again. */
static void initialise_recurrent(real *values, const rnn_parameter *all,
                                 const rnn_config *config, rnn_random *random,
                                 double *square) {
  rnn_parameter p = *all;
  p.rows = p.columns, p.gates = 1, p.count = all->count / all->gates;
  for (real *gate = values; gate < values + all->count; gate += p.count) {
    double radius = 1;
    do {
      initialise_gate(gate, &p, config, random);
      if (square) radius = spectral_radius(gate, &p, square);
    } while (!(radius > 0));
    for (uint64_t i = 0; square && i < p.count; i++)
      gate[i] = (real)((double)gate[i] * (config->spectral_radius / radius));
  }
}

void rnn_parameters_initialise(real *values, const rnn_parameters *all,
                               const rnn_config *config, rnn_random *random,
                               double *square) {
  uint32_t strand = 0;
  for (int i = 0; i < all->own; i++) {
    const rnn_parameter *p = &all->table[i];
    real *at = values + p->offset;
    if (strand < rnn_strands(config) && i == all->strands[strand].weight_hh) {
      initialise_recurrent(at, p, config, random, square);
      strand++;
    } else {
      draw(at, p, config, random);
    }
  }
  start_norms(values, all, config);
  bias_forget_gate(values, all, config);
}

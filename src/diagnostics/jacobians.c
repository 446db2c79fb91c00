/* How a state depends on the ones before: J_t = ∂h_T/∂h_t, or ∂c_T/∂c_t, of one
 * layer. Row u of all of them is what comes back when unit u of the last state
 * is given the gradient 1 and all else 0.
 *
 * The state is h where a layer has no c. Of one with c, ∂h_T/∂h_t holds c_t
 * fixed, while in ∂c_T/∂c_t, h_t follows c_t. */
#include <math.h>

#include "place.h"
#include "probe.h"

enum { ITERATIONS = 500 };

/* Rows `first` … of each matrix, which is at `to` + t·H·H. */
static void send_back(const rnn_probe *probe, size_t strand, int of_c,
                      size_t first, real *to) {
  const rnn_window *w = &probe->window;
  const rnn_network *n = &probe->network;
  rnn_layer l = w->strands[strand];
  size_t T = w->T, H = l.H, before = rnn_history(&n->config);
  size_t left = H - first, count = left < l.B ? left : l.B;
  real *d = of_c ? l.dc : l.dh;
  rnn_rows rows = rnn_window_rows(w, rnn_alone(w)), all = rows;
  all.T = T + before;
  rnn_rows_clear(&all, rnn_before(w, l.dh, before - 1), l.P);
  all.T = T + 1;
  if (l.dc) rnn_rows_clear(&all, l.dc, l.P);
  for (size_t b = 0; b < count; b++) {
    size_t u = first + b;
    d[u / PANEL * l.stride + (T * l.B + b) * PANEL + u % PANEL] = 1;
  }
  rnn_window_unrun(w, n, strand, &rows);
  int mirrored = strand % rnn_directions(&n->config) > 0;
  for (size_t t = 0; t < T; t++) {
    size_t step = mirrored ? T - t : t + 1;
    for (size_t b = 0; b < count; b++)
      for (size_t k = 0; k < H; k++)
        to[(t * H + first + b) * H + k] =
            d[k / PANEL * l.stride + (step * l.B + b) * PANEL + k % PANEL];
  }
}

static double frobenius(const real *j, size_t H) {
  double squares = 0;
  for (size_t i = 0; i < H * H; i++) squares += (double)j[i] * (double)j[i];
  return sqrt(squares);
}

/* The largest singular value, by power iteration: u ← J Jᵀ u, scaled, from
 * where the Jacobian of the step after ended, and some chance. From below, and
 * to 1e-4 unless the second is as large to 1e-3. */
static double spectral(const real *j, size_t H, double *u, double *next,
                       rnn_random *random) {
  double norm = 0, before = -1, length = 0;
  for (size_t i = 0; i < H; i++)
    u[i] += 0.1 * (rnn_random_uniform(random) - 0.5), length += u[i] * u[i];
  for (int i = 0; i < ITERATIONS && fabs(norm - before) > 1e-9 * norm; i++) {
    double grown = 0, scale = 1 / sqrt(length);
    for (size_t k = 0; k < H; k++) next[k] = 0;
    for (size_t r = 0; r < H; r++)
      for (size_t k = 0; k < H; k++)
        next[k] += scale * u[r] * (double)j[r * H + k];
    for (size_t k = 0; k < H; k++) grown += next[k] * next[k];
    if (!(grown > 0)) return 0;
    before = norm, norm = sqrt(grown), length = 0;
    for (size_t r = 0; r < H; r++) {
      double sum = 0;
      for (size_t k = 0; k < H; k++) sum += (double)j[r * H + k] * next[k];
      u[r] = sum / grown, length += u[r] * u[r];
    }
  }
  return norm;
}

rnn_status rnn_jacobians(void *block, const rnn_model *model,
                         const rnn_batch *batch, const rnn_state_place *place,
                         real *matrices, double *norms, rnn_error *error) {
  const rnn_network *n = &model->network;
  size_t H = n->config.hidden, T = batch->steps;
  size_t strand = place->layer * rnn_directions(&n->config) + place->direction;
  rnn_probe *probe;
  rnn_status status = rnn_check_layer(n, place->layer, place->direction, error);
  if (!status) status = rnn_check_state(n, place->of_c, error);
  if (!status) status = rnn_probe_run(block, model, batch, &probe, error);
  if (status) return status;
  for (size_t u = 0; u < H; u += RNN_PROBE_ROWS)
    send_back(probe, strand, place->of_c != 0, u, matrices);
  rnn_random random;
  rnn_random_seed(&random, 1);
  for (size_t t = T; t-- > 0;) {
    norms[t] = frobenius(matrices + t * H * H, H);
    norms[T + t] = spectral(matrices + t * H * H, H, probe->scratch,
                            probe->scratch + H, &random);
  }
  return RNN_OK;
}

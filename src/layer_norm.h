/* Layer normalisation (Ba, Kiros and Hinton 2016, eq. 3), of each gate's units
 * for themselves, in each row:
 *
 *   y = γ∘x̂ + β   x̂ = (x − μ) / √(σ² + ε)   μ = Σ x / H   σ² = Σ (x − μ)² / H
 *
 * with ε = 10⁻⁵ as in PyTorch's nn.LayerNorm. Within a cell (Ba et al., eq. 20
 * and 22) what comes from the input and what comes from the state are each
 * normalised, before they meet; their β are the biases b_ih and b_hh:
 *
 *   a = γ_ih∘N(W_ih x) + b_ih + γ_hh∘N(W_hh h) + b_hh
 *
 * and so is the LSTM's c on its way to h' = o∘tanh(γ_c∘N(c') + β_c). */
#ifndef RNN_LAYER_NORM_H
#define RNN_LAYER_NORM_H

#include "kernels.h"
#include "team.h"

typedef struct {
  size_t H, P, stride;
  real *gain, *dgain; /* γ [G·P][8]; NULL: nothing is normalised */
  real *bias, *dbias; /* β [G·P][8]; NULL: it is in the cell's biases */
  real *x;            /* (T·B, G·H): x, then x̂ */
  real *inverse;      /* (T·B, 8): 1/√(σ² + ε), a column for each gate */
  real *dx, *dy;      /* as x; dy is there where β is */
} rnn_norm;

/* For rows from `row` on, of gates `first` … `first + count − 1`, which begin
 * at `y`: x becomes x̂, y += γ∘x̂. */
void rnn_normalise(const rnn_norm *norm, real *y, size_t row, size_t rows,
                   size_t first, size_t count);

/* The way back, from dy to norm->dx. */
void rnn_normalise_back(const rnn_norm *norm, const real *dy, size_t row,
                        size_t rows, size_t first, size_t count);

/* dγ += Σ_r dy∘x̂, over all rows of the window: a part of the units. */
void rnn_norm_gains(const rnn_norm *norm, const real *dy, size_t rows,
                    size_t first, size_t count, rnn_part part);

#endif

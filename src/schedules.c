/* Learning-rate schedules, with f = schedule_factor, n = schedule_steps, and i
 * the iteration after the warm-up, in which the rate rises by a line:
 *
 *   constant     1
 *   step         f^⌊i/n⌋
 *   exponential  f^(i/n)
 *   cosine       from 1 to f in n iterations     (Loshchilov and Hutter 2017)
 *   one-cycle    by cosines from f to 1 in the warm-up (if that is 0, in 0.3 n)
 *                and to f/10⁴ at iteration n     (Smith and Topin 2018)
 *   plateau      times f whenever the mean loss of n iterations has not become
 *                better by 10⁻⁴ of itself for more than schedule_patience times
 *
 * In PyTorch: StepLR, ExponentialLR, CosineAnnealingLR, OneCycleLR and
 * ReduceLROnPlateau; LinearLR for the warm-up. Beyond their ends, cosine and
 * one-cycle stay where they are. */
#include "schedules.h"

#include "lanes.h"

static const double LN2 = 0.69314718055994530942;
static const double PI = 3.14159265358979323846;
static const double LARGEST_LOSS = 1e30;

/* base^share for base and share in 0 … 1: e^x = 2^−n · e^r with small r. */
static double root(double base, double share) {
  double x = share * rnn_log(base), series = 1;
  uint64_t n = (uint64_t)(0.5 - x / LN2);
  double r = x + (double)n * LN2;
  for (int k = 14; k >= 1; k--) series = 1 + series * r / k;
  return series * rnn_power(0.5, n);
}

/* From `from` to `to` by half a cosine, share 0 … 1: cos πx = sin π(½ − x). */
static double glide(double from, double to, double share) {
  double y = PI * (0.5 - share), series = 1;
  for (int k = 26; k >= 2; k -= 2) series = 1 - series * y * y / (k * (k + 1));
  return to + (from - to) * (1 + y * series) / 2;
}

static double step(const rnn_config *config, uint64_t i) {
  return rnn_power(config->schedule_factor, i / config->schedule_steps);
}

static double exponential(const rnn_config *config, uint64_t i) {
  uint32_t n = config->schedule_steps;
  return step(config, i) *
         root(config->schedule_factor, (double)(i % n) / (double)n);
}

static double cosine(const rnn_config *config, uint64_t i) {
  uint32_t n = config->schedule_steps;
  return i < n ? glide(1, config->schedule_factor, (double)i / (double)n)
               : config->schedule_factor;
}

static double one_cycle(const rnn_config *config, uint64_t iteration) {
  double start = config->schedule_factor, end = start * 1e-4;
  double i = (double)iteration, last = (double)config->schedule_steps - 1;
  double top = config->warmup ? (double)config->warmup - 1
                              : 0.3 * (double)config->schedule_steps - 1;
  if (i >= last) return end;
  if (i < top) return glide(start, 1, i / top);
  return glide(1, end, (i - top) / (last - top));
}

enum { CONSTANT, STEP, EXPONENTIAL, COSINE, ONE_CYCLE, PLATEAU };

double rnn_schedule_factor(const rnn_config *config, uint64_t iteration,
                           const rnn_plateau *plateau) {
  uint32_t warmup = config->warmup;
  if (config->schedule == ONE_CYCLE) return one_cycle(config, iteration);
  if (iteration < warmup) return (double)(iteration + 1) / (double)warmup;
  uint64_t i = iteration - warmup;
  switch (config->schedule) {
  case STEP: return step(config, i);
  case EXPONENTIAL: return exponential(config, i);
  case COSINE: return cosine(config, i);
  case PLATEAU: return plateau->factor;
  default: return 1;
  }
}

rnn_plateau rnn_plateau_start(void) {
  return (rnn_plateau){.factor = 1, .best = LARGEST_LOSS};
}

void rnn_plateau_observe(rnn_plateau *plateau, const rnn_config *config,
                         uint64_t iteration, double loss) {
  if (config->schedule != PLATEAU || iteration < config->warmup) return;
  plateau->sum += loss;
  if (++plateau->count < config->schedule_steps) return;
  double mean = plateau->sum / plateau->count;
  plateau->sum = 0;
  plateau->count = 0;
  if (mean < plateau->best * (1 - 1e-4)) {
    plateau->best = mean;
    plateau->bad = 0;
  } else if (++plateau->bad > config->schedule_patience) {
    plateau->factor *= config->schedule_factor;
    plateau->bad = 0;
  }
}

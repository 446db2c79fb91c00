#include "choice.h"

#include "lanes.h"

void rnn_candidates_layout(rnn_arena *arena, rnn_candidates *candidates,
                           uint32_t V) {
  candidates->V = V;
  candidates->logits = RNN_TAKE(arena, real, V);
  candidates->weights = RNN_TAKE(arena, double, V);
  candidates->keys = RNN_TAKE(arena, double, V);
  candidates->order = RNN_TAKE(arena, uint32_t, V);
}

/* --- What may be wished --------------------------------------------------- */

static rnn_status check_bias(const real *bias, uint32_t V, rnn_error *error) {
  uint32_t left = 0;
  for (uint32_t k = 0; k < V; k++) {
    if (!(bias[k] < (real)__builtin_inf()))
      return rnn_fail(error, RNN_INVALID_BATCH, "the bias of symbol %u is %g",
                      (unsigned)k, (double)bias[k]);
    left += bias[k] > RNN_NEVER;
  }
  return left ? RNN_OK
              : rnn_fail(error, RNN_INVALID_BATCH, "every symbol is banned");
}

rnn_status rnn_check_choice(const rnn_choice *choice, uint32_t V,
                            rnn_error *error) {
  static const char names[][20] = {"repetition_penalty", "temperature", "top_p",
                                   "min_p", "typical_p"};
  const double values[] = {choice->repetition_penalty, choice->temperature,
                           choice->top_p, choice->min_p, choice->typical_p};
  for (int i = 0; i < 5; i++)
    if (!(values[i] >= 0 && values[i] <= (i < 2 ? 1e30 : 1)))
      return rnn_fail(error, RNN_INVALID_BATCH, "%s cannot be %g", names[i],
                      values[i]);
  return choice->bias ? check_bias(choice->bias, V, error) : RNN_OK;
}

void rnn_candidates_weigh(rnn_candidates *candidates, const rnn_choice *choice,
                          const real *logits, const uint8_t *seen) {
  real penalty = (real)choice->repetition_penalty;
  int punishes = penalty > 0;
  for (uint32_t k = 0; k < candidates->V; k++) {
    real x = logits[k];
    if (punishes && seen[k]) x = x > 0 ? x / penalty : x * penalty;
    candidates->logits[k] = choice->bias ? x + choice->bias[k] : x;
  }
}

/* --- Choosing ------------------------------------------------------------- */

uint32_t rnn_candidates_likeliest(const rnn_candidates *of) {
  uint32_t best = 0;
  for (uint32_t k = 1; k < of->V; k++)
    if (of->logits[k] > of->logits[best]) best = k;
  return best;
}

/* Whether a comes before b: by larger keys, then as in the vocabulary. */
static int precedes(const double *keys, uint32_t a, uint32_t b) {
  return keys[a] != keys[b] ? keys[a] > keys[b] : a < b;
}

/* Lets the root of a heap, last first, sink to its place. */
static void sink(uint32_t *heap, const double *keys, uint32_t root,
                 uint32_t count) {
  for (uint32_t child; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count && precedes(keys, heap[child], heap[child + 1]))
      child++;
    if (!precedes(keys, heap[root], heap[child])) return;
    uint32_t moved = heap[root];
    heap[root] = heap[child], heap[child] = moved;
  }
}

/* Heap sort: in O(n log n) steps whatever comes, and in no more memory. */
static void sort(uint32_t *order, const double *keys, uint32_t count) {
  for (uint32_t root = count / 2; root-- > 0;) sink(order, keys, root, count);
  for (uint32_t left = count; left-- > 1;) {
    uint32_t last = order[0];
    order[0] = order[left], order[left] = last;
    sink(order, keys, 0, left);
  }
}

static double sum_of(const rnn_candidates *of, uint32_t count) {
  double sum = 0;
  for (uint32_t i = 0; i < count; i++) sum += of->weights[of->order[i]];
  return sum;
}

/* How many of the first have this share of what the first `count` have. */
static uint32_t reach(const rnn_candidates *of, uint32_t count, double share) {
  double wanted = sum_of(of, count) * share, passed = 0;
  for (uint32_t i = 0; i < count; i++)
    if ((passed += of->weights[of->order[i]]) >= wanted) return i + 1;
  return count;
}

/* Orders the first by how near their surprise is to its mean. */
static void sort_by_typicality(rnn_candidates *of, uint32_t count) {
  double whole = sum_of(of, count), entropy = 0;
  for (uint32_t i = 0; i < count; i++) {
    double p = of->weights[of->order[i]] / whole;
    entropy -= p * (of->keys[of->order[i]] = rnn_log(p));
  }
  for (uint32_t i = 0; i < count; i++) {
    double *key = &of->keys[of->order[i]], off = *key + entropy;
    *key = off < 0 ? off : -off;
  }
  sort(of->order, of->keys, count);
}

/* A share of all that is less than all. */
static int is_share(double p) {
  return p > 0 && p < 1;
}

/* The weights of those that are left out become 0. */
static void leave_out(rnn_candidates *of, const rnn_choice *choice) {
  uint32_t count = 0, k = choice->top_k;
  for (uint32_t i = 0; i < of->V; i++) {
    of->keys[i] = of->weights[i];
    if (of->weights[i] > 0) of->order[count++] = i;
  }
  uint32_t all = count;
  sort(of->order, of->keys, count);
  if (k && k < count) count = k;
  if (is_share(choice->top_p)) count = reach(of, count, choice->top_p);
  double least = choice->min_p * of->weights[of->order[0]];
  while (of->weights[of->order[count - 1]] < least) count--;
  if (is_share(choice->typical_p)) {
    sort_by_typicality(of, count);
    count = reach(of, count, choice->typical_p);
  }
  while (all > count) of->weights[of->order[--all]] = 0;
}

/* The first symbol at which the cumulative weight passes a uniform share of
 * the whole. */
static uint32_t draw(const rnn_candidates *of, rnn_random *random) {
  double whole = 0, passed = 0;
  uint32_t last = 0;
  for (uint32_t k = 0; k < of->V; k++) whole += of->weights[k];
  double share = rnn_random_uniform(random) * whole;
  for (uint32_t k = 0; k < of->V; k++) {
    if (of->weights[k] > 0) last = k;
    if (share < (passed += of->weights[k])) return k;
  }
  return last;
}

uint32_t rnn_candidates_choose(rnn_candidates *of, const rnn_choice *choice,
                               rnn_random *random) {
  uint32_t best = rnn_candidates_likeliest(of);
  if (choice->temperature == 0) return best;
  real highest = of->logits[best], sharpness = (real)(1 / choice->temperature);
  for (uint32_t k = 0; k < of->V; k++) {
    real x = (of->logits[k] - highest) * sharpness;
    of->weights[k] = x > RNN_NEVER ? (double)real_exp(x) : 0;
  }
  if (choice->top_k || is_share(choice->top_p) || choice->min_p > 0 ||
      is_share(choice->typical_p))
    leave_out(of, choice);
  return draw(of, random);
}

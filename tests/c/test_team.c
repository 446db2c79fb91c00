/* Teams of threads: the same bits as one thread alone. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { LENGTH = 5000, MOST_SYMBOLS = 19 * 160 + 1, MOST_THREADS = 5 };
static uint8_t text[LENGTH];

typedef struct {
  rnn_team *team;
  uint32_t index;
} helper;

static void *serve(void *argument) {
  const helper *h = argument;
  rnn_team_serve(h->team, h->index);
  return NULL;
}

/* The checkpoint after some iterations with so many threads; free it. */
static char *trained(const rnn_config *config, uint32_t threads, size_t *size) {
  pthread_t started[MOST_THREADS];
  helper helpers[MOST_THREADS];
  rnn_team *team = rnn_team_init(
      aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_team_size(threads)), threads);
  for (uint32_t i = 1; i < threads; i++) {
    helpers[i] = (helper){team, i};
    pthread_create(&started[i], NULL, serve, &helpers[i]);
  }
  rnn_model *model = new_model(config);
  rnn_result result;
  rnn_use_team(model, team);
  int32_t symbols[MOST_SYMBOLS];
  for (int i = 0; i < MOST_SYMBOLS; i++) symbols[i] = text[i];
  rnn_batch batch = {.batch = config->batch,
                     .steps = config->steps,
                     .inputs = symbols,
                     .targets = symbols + 1};
  for (int i = 0; i < 4; i++)
    expect(!rnn_step(model, &batch, &result, NULL), "training fails");
  rnn_team_dismiss(team);
  for (uint32_t i = 1; i < threads; i++) pthread_join(started[i], NULL);
  *size = (size_t)rnn_checkpoint_size(model, 0);
  char *bytes = malloc(*size);
  rnn_checkpoint_save(model, NULL, 0, bytes);
  free(model);
  free(team);
  return bytes;
}

/* Enough symbols that the team is called for them. */
static rnn_config large_config(int variant, uint32_t batch) {
  rnn_config config = small_config();
  choose_cell(&config, variant);
  config.layers = 2, config.hidden = 21;
  config.batch = batch, config.steps = 160;
  return config;
}

static void expect_same(const rnn_config *config, const char *what) {
  size_t size, other;
  char *alone = trained(config, 1, &size);
  for (uint32_t threads = 2; threads <= MOST_THREADS; threads += 3) {
    char *together = trained(config, threads, &other);
    expect(size == other && !memcmp(alone, together, size),
           "%s, %u sequences, %u threads", what, config->batch, threads);
    free(together);
  }
  free(alone);
}

static void threads_change_no_bit(void) {
  for (int variant = 0; variant < CELL_VARIANTS; variant++) {
    rnn_config config = large_config(variant, variant % 2 ? 13 : 7);
    config.recompute = variant % 3 == 0;
    expect_same(&config, cell_variants[variant]);
  }
}

static void parts_change_no_bit(void) {
  rnn_config config = large_config(3, 9);
  config.input = RNN_EMBEDDING, config.input_size = config.hidden;
  config.dropout = 0.3, config.residual = 1, config.layers = 3;
  expect_same(&config, "dropout and residual connections");
  config.tie = 1;
  expect_same(&config, "a tied output");
  config.tie = 0, config.head_layers = 2, config.label_smoothing = 0.1;
  expect_same(&config, "a deep head");
  config.bidirectional = 1, config.input_size = 11;
  config.head_layers = 0;
  expect_same(&config, "two directions");
  for (config.pool = RNN_LAST; config.pool <= RNN_MAX; config.pool++)
    expect_same(&config, "pooling");
}

static void updates_change_no_bit(void) {
  rnn_config config = large_config(3, 9);
  config.accumulate = 3, config.weight_decay = 0.01, config.l1 = 0.001;
  expect_same(&config, "several windows an update, and decay");
}

static void divergence_is_seen_by_all(void) {
  rnn_config config = small_config();
  choose_cell(&config, 1);
  config.hidden = 101, config.batch = 8, config.steps = 40;
  config.optimizer = RNN_OPTIMIZER_sgd;
  config.learning_rate = 100, config.clip = 0;
  rnn_team *team =
      rnn_team_init(aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_team_size(2)), 2);
  helper h = {team, 1};
  pthread_t started;
  pthread_create(&started, NULL, serve, &h);
  rnn_model *model = new_model(&config);
  rnn_result result;
  rnn_status status = RNN_OK;
  rnn_use_team(model, team);
  rnn_read(model, text, 1, LENGTH, NULL);
  for (int i = 0; i < 100 && !status; i++)
    status = rnn_train(model, 1, &result, NULL);
  expect(status == RNN_DIVERGED, "no divergence");
  expect(rnn_train(model, 1, &result, NULL) == RNN_DIVERGED, "only once");
  rnn_team_dismiss(team);
  pthread_join(started, NULL);
  free(model);
  free(team);
}

int main(void) {
  for (int i = 0; i < LENGTH; i++) text[i] = (uint8_t)(i * i % 7);
  run("the number of threads changes no bit", threads_change_no_bit);
  run("nor do they where networks have more parts", parts_change_no_bit);
  run("nor where several windows make an update, and weights decay",
      updates_change_no_bit);
  run("divergence ends a step on all threads", divergence_is_seen_by_all);
  return finish();
}

/* Fields that cannot go together: what is refused, and in which words. */
#include <stdio.h>
#include <string.h>

#include "check.h"

static void tie(rnn_config *c) {
  c->tie = 1, c->input = RNN_EMBEDDING, c->input_size = c->hidden;
}

static void tie_of_one_hot(rnn_config *c) {
  c->tie = 1;
}

static void tie_of_other_size(rnn_config *c) {
  tie(c);
  c->input_size = 8;
}

static void tie_in_two_directions(rnn_config *c) {
  tie(c);
  c->bidirectional = 1;
}

static void tie_with_head(rnn_config *c) {
  tie(c);
  c->head_layers = 1;
}

static void tie_with_outputs(rnn_config *c) {
  tie(c);
  c->outputs = 3;
}

static void tie_to_frozen(rnn_config *c) {
  tie(c);
  c->freeze_embedding = 1;
}

static void peephole_of_gru(rnn_config *c) {
  c->cell = RNN_CELL_gru, c->peephole = 1;
}

static void skip_of_one(rnn_config *c) {
  c->skip = 1;
}

static void recompute_both_ways(rnn_config *c) {
  c->recompute = 1, c->bidirectional = 1;
}

static void recompute_pooled(rnn_config *c) {
  c->recompute = 1, c->pool = RNN_LAST;
}

static void recompute_vectors(rnn_config *c) {
  c->recompute = 1, c->input = RNN_VECTOR;
}

static void recompute_labels(rnn_config *c) {
  c->recompute = 1, c->loss = RNN_BINARY;
}

static void radius_of_many(rnn_config *c) {
  c->spectral_radius = 0.9, c->hidden = 513;
}

static void radius_of_scan(rnn_config *c) {
  c->spectral_radius = 0.9, c->cell = RNN_CELL_mingru;
}

static void radius_of_zeros(rnn_config *c) {
  c->spectral_radius = 0.9, c->initialization = RNN_ZEROS;
}

static void norm_of_scan(rnn_config *c) {
  c->layer_norm = 1, c->cell = RNN_CELL_minlstm;
}

static void norm_with_skip(rnn_config *c) {
  c->layer_norm = 1, c->skip = 3;
}

static void norm_of_one(rnn_config *c) {
  c->layer_norm = 1, c->hidden = 1;
}

static const struct {
  void (*choose)(rnn_config *config);
  const char *why; /* NULL: it can be */
} cases[] = {
    {tie, NULL},
    {tie_of_one_hot, "tie needs an embedding"},
    {tie_of_other_size, "tie needs as many hidden units as an embedding has "
                        "numbers, not 5 and 8"},
    {tie_in_two_directions, "tie needs one direction"},
    {tie_with_head, "no head layers"},
    {tie_with_outputs, "an output for each symbol"},
    {tie_to_frozen, "tie needs an embedding that is not frozen"},
    {peephole_of_gru, "peephole needs the cell lstm"},
    {skip_of_one, "skip 1 is what each step sees anyway"},
    {recompute_both_ways, "recompute needs symbols to read, one direction"},
    {recompute_pooled, "recompute needs"},
    {recompute_vectors, "recompute needs"},
    {recompute_labels, "recompute needs"},
    {radius_of_many, "spectral_radius 0.9 needs hidden to be at most 512, not "
                     "513"},
    {radius_of_scan, "which the cell mingru has not"},
    {radius_of_zeros, "initialization is zeros"},
    {norm_of_scan, "layer_norm needs the cell vanilla, lstm or gru"},
    {norm_with_skip, "layer_norm needs skip to be 0"},
    {norm_of_one, "layer_norm of 1 unit is always 0"},
};

static void test_combinations(void) {
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    rnn_config config = small_config();
    rnn_error error = {""};
    cases[i].choose(&config);
    rnn_status status = rnn_config_check(&config, &error);
    if (!cases[i].why)
      expect(!status, "%s", error.message);
    else
      expect(status == RNN_INVALID_CONFIG &&
                 strstr(error.message, cases[i].why) != NULL,
             "expected \"%s\", got \"%s\"", cases[i].why, error.message);
  }
}

/* All of a field's value and range, in its words. */
static void test_ranges(void) {
  for (int i = 0; rnn_field_at(i); i++) {
    const rnn_field *field = rnn_field_at(i);
    rnn_config config = small_config();
    rnn_error error = {""};
    double least = field->minimum, value = least - 1;
    char text[80];
    expect(rnn_config_set(&config, i, value, &error) == RNN_INVALID_CONFIG,
           "%s takes %g", field->name, value);
    snprintf(text, sizeof text, "%s %.9g is outside %.9g", field->name, value,
             least);
    expect(strstr(error.message, text) == error.message, "\"%s\" for \"%s\"",
           error.message, text);
    const rnn_field_words *words = rnn_field_words_at(i);
    expect(*words->help && *words->group, "%s has no help", field->name);
  }
}

int main(void) {
  run("fields that cannot go together are refused by name, with their numbers",
      test_combinations);
  run("a value out of range is told with its field and range", test_ranges);
  return finish();
}

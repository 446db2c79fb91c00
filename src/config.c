/* Fields: lookup, defaults, ranges. Everything comes from fields.h. */
#include <string.h>

#include "cell.h"
#include "parameters.h"

static const rnn_field fields[] = {
#define X(kind, name, initial, minimum, maximum, unit, group, live, choices,   \
          help)                                                                \
  {initial, minimum, maximum, #name, choices, RNN_##kind, live},
    RNN_FIELDS(X)
#undef X
};

static const uint16_t offsets[] = {
#define X(kind, name, ...) offsetof(rnn_config, name),
    RNN_FIELDS(X)
#undef X
};

enum { FIELDS = RNN_FIELD_COUNT };

const rnn_field *rnn_field_at(int index) {
  return index >= 0 && index < FIELDS ? &fields[index] : NULL;
}

double rnn_config_get(const rnn_config *config, int index) {
  const char *member = (const char *)config + offsets[index];
  if (fields[index].kind == RNN_REAL) return *(const double *)member;
  return *(const uint32_t *)member;
}

/* Names end at a | or at the end of the list; an empty one does not count. */
static int count_choices(const char *names) {
  int count = 0;
  for (const char *p = names; *p; count++) {
    p += strcspn(p, "|");
    if (*p) p++;
  }
  return count;
}

static rnn_status check(int index, double value, rnn_error *error) {
  const rnn_field *field = &fields[index];
  double maximum = field->kind == RNN_CHOICE ? count_choices(field->choices) - 1
                                             : field->maximum;
  if (!(value >= field->minimum && value <= maximum))
    return rnn_fail(error, RNN_INVALID_CONFIG, "%s %.9g is outside %.9g … %.9g",
                    field->name, value, field->minimum, maximum);
  if (field->kind != RNN_REAL && value != (double)(uint32_t)value)
    return rnn_fail(error, RNN_INVALID_CONFIG, "%s %.9g is not a whole number",
                    field->name, value);
  return RNN_OK;
}

static void put(rnn_config *config, int index, double value) {
  char *member = (char *)config + offsets[index];
  if (fields[index].kind == RNN_REAL)
    *(double *)member = value;
  else
    *(uint32_t *)member = (uint32_t)value;
}

void rnn_config_default(rnn_config *config) {
  for (int i = 0; i < FIELDS; i++) put(config, i, fields[i].initial);
}

rnn_status rnn_config_set(rnn_config *config, int index, double value,
                          rnn_error *error) {
  rnn_status status = check(index, value, error);
  if (!status) put(config, index, value);
  return status;
}

/* What cannot be where an encoder reads a source first. */
static const char *why_no_source(const rnn_config *config) {
  if (config->bidirectional)
    return "source_steps needs bidirectional to be off, since what is written "
           "has no future; the source has a field of its own for that";
  if (config->input == RNN_VECTOR || config->pool)
    return "source_steps needs symbols to read, and an output at each step";
  if (config->skip || config->recompute || config->freeze_embedding)
    return "source_steps needs skip to be 0, and no recompute or frozen "
           "embedding";
  return NULL;
}

/* Fields that cannot go together. */
static const char *conflict(const rnn_config *config) {
  if (config->tie && config->input != RNN_EMBEDDING)
    return "tie needs an embedding";
  if (config->tie &&
      (config->bidirectional || config->head_layers || config->outputs))
    return "tie needs one direction, no head layers, and an output for each "
           "symbol";
  if (config->tie && config->freeze_embedding)
    return "tie needs an embedding that is not frozen";
  if (config->peephole && config->cell != RNN_CELL_lstm)
    return "peephole needs the cell lstm";
  if (config->layer_norm && !rnn_cell_of(config)->weights)
    return "layer_norm needs the cell vanilla, lstm or gru";
  if (config->layer_norm && config->skip)
    return "layer_norm needs skip to be 0";
  if (config->layer_norm && config->hidden == 1)
    return "layer_norm of 1 unit is always 0; it needs hidden to be at least 2";
  if (config->skip == 1)
    return "skip 1 is what each step sees anyway; it is 0 or at least 2";
  if (rnn_source_steps(config) && why_no_source(config))
    return why_no_source(config);
  if (!rnn_source_steps(config) &&
      (RNN_OF_SOURCE(config, attention) || RNN_OF_SOURCE(config, context) ||
       RNN_OF_SOURCE(config, source_size)))
    return "source_size, attention and context need an encoder, which there is "
           "not";
  if (config->recompute &&
      (config->bidirectional || config->pool || config->input == RNN_VECTOR ||
       config->loss != RNN_CROSS_ENTROPY))
    return "recompute needs symbols to read, one direction, and a class at "
           "each step";
  return NULL;
}

static rnn_status check_tie(const rnn_config *config, rnn_error *error) {
  if (!config->tie || config->hidden == config->input_size) return RNN_OK;
  return rnn_fail(error, RNN_INVALID_CONFIG,
                  "tie needs as many hidden units as an embedding has numbers, "
                  "not %u and %u",
                  (unsigned)config->hidden, (unsigned)config->input_size);
}

static rnn_status check_radius(const rnn_config *config, rnn_error *error) {
  double radius = config->spectral_radius;
  if (!(radius > 0)) return RNN_OK;
  if (config->hidden > RNN_MOST_EIGENVALUES)
    return rnn_fail(error, RNN_INVALID_CONFIG,
                    "spectral_radius %.9g needs hidden to be at most %d, not "
                    "%u",
                    radius, (int)RNN_MOST_EIGENVALUES,
                    (unsigned)config->hidden);
  if (!rnn_cell_of(config)->weights)
    return rnn_fail(error, RNN_INVALID_CONFIG,
                    "spectral_radius %.9g needs weights from state to state, "
                    "which the cell %s has not",
                    radius, rnn_cell_of(config)->name);
  if (config->initialization == RNN_ZEROS)
    return rnn_fail(error, RNN_INVALID_CONFIG,
                    "spectral_radius %.9g needs weights that are not zero; "
                    "initialization is zeros",
                    radius);
  return RNN_OK;
}

rnn_status rnn_config_check(const rnn_config *config, rnn_error *error) {
  for (int i = 0; i < FIELDS; i++) {
    rnn_status status = check(i, rnn_config_get(config, i), error);
    if (status) return status;
  }
  const char *why = conflict(config);
  if (why) return rnn_fail(error, RNN_INVALID_CONFIG, "%s", why);
  rnn_status status = check_tie(config, error);
  return status ? status : check_radius(config, error);
}

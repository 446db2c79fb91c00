/* Models as safetensors: reading, strictly. Nothing is believed before it is
 * checked, and nothing changes before everything is. */
#include <string.h>

#include "checkpoint.h"
#include "decimal.h"
#include "json.h"

typedef struct {
  rnn_config config;
  rnn_parameters parameters;
  uint64_t fields, iteration, symbols, length, hash, position;
  uint32_t random[4];
  rnn_plateau plateau;
  const char *data;
  uint64_t data_size;
  uint64_t offsets[RNN_MAX_TENSORS]; /* of each tensor, +1; 0: not seen */
} contents;

static rnn_status bad(rnn_error *error, const char *what) {
  return rnn_fail(error, RNN_BAD_CHECKPOINT,
                  "this is not a checkpoint that can be read: %s", what);
}

static rnn_status bad_at(rnn_error *error, json_text name, const char *what) {
  return rnn_fail(error, RNN_BAD_CHECKPOINT,
                  "this is not a checkpoint that can be read: %.*s %s",
                  (int)(name.length < 64 ? name.length : 64), name.at, what);
}

/* --- Values of the metadata ------------------------------------------------
 */

static int whole(json_text text, uint64_t *value) {
  json in = {text.at, text.at + text.length};
  return json_whole(&in, value) && in.at == in.end;
}

static int hexadecimal(json_text text, int digits, uint64_t *value) {
  if (text.length != (size_t)digits) return 0;
  *value = 0;
  for (int i = 0; i < digits; i++) {
    const char *all = "0123456789abcdef";
    const char *digit = text.at[i] ? strchr(all, text.at[i]) : NULL;
    if (!digit) return 0;
    *value = *value << 4 | (uint64_t)(digit - all);
  }
  return 1;
}

static int random_state(json_text text, uint32_t *s) {
  uint64_t part;
  if (text.length != 32) return 0;
  for (int i = 0; i < 4; i++) {
    if (!hexadecimal((json_text){text.at + 8 * i, 8}, 8, &part)) return 0;
    s[i] = (uint32_t)part;
  }
  return s[0] | s[1] | s[2] | s[3] ? 1 : 0; /* all zero never leaves zero */
}

/* --- Metadata ---------------------------------------------------------------
 */

enum {
  FORMAT,
  VERSION,
  FIELDS,
  ITERATION,
  SYMBOLS,
  RANDOM,
  LENGTH,
  HASH,
  POSITION,
  FACTOR,
  BEST,
  SUM,
  COUNT,
  BAD
};
static const char *const keys[] = {
    "format",        "version",        "fields",       "iteration",
    "symbols",       "random",         "text.length",  "text.hash",
    "text.position", "plateau.factor", "plateau.best", "plateau.sum",
    "plateau.count", "plateau.bad"};
enum { KEYS = sizeof keys / sizeof keys[0] };

static int real_within(json_text text, double most, double *value) {
  return rnn_decimal_read(text.at, text.length, value) && *value >= 0 &&
         *value <= most;
}

static int count_of(json_text text, uint32_t *value) {
  uint64_t read;
  if (!whole(text, &read) || read > 1000000000) return 0;
  *value = (uint32_t)read;
  return 1;
}

static int read_value(contents *c, int key, json_text value) {
  switch (key) {
  case FORMAT: return json_is(value, "unroll");
  case VERSION: return json_is(value, "1");
  case FIELDS: return whole(value, &c->fields);
  case ITERATION: return whole(value, &c->iteration);
  case SYMBOLS: return whole(value, &c->symbols);
  case RANDOM: return random_state(value, c->random);
  case LENGTH: return whole(value, &c->length);
  case HASH: return hexadecimal(value, 16, &c->hash);
  case POSITION: return whole(value, &c->position);
  case FACTOR: return real_within(value, 1, &c->plateau.factor);
  case BEST: return real_within(value, 1e30, &c->plateau.best);
  case SUM: return real_within(value, 1e30, &c->plateau.sum);
  case COUNT: return count_of(value, &c->plateau.count);
  default: return count_of(value, &c->plateau.bad);
  }
}

/* The key's place among all keys and fields, −1: the caller's own. */
static int key_index(json_text name) {
  for (int i = 0; i < KEYS; i++)
    if (json_is(name, keys[i])) return i;
  if (name.length < 7 || memcmp(name.at, "config.", 7)) return -1;
  json_text field = {name.at + 7, name.length - 7};
  for (int i = 0; rnn_field_at(i); i++)
    if (json_is(field, rnn_field_at(i)->name)) return KEYS + i;
  return -1;
}

static rnn_status read_entry(contents *c, json_text name, json_text value,
                             char *seen, rnn_error *error) {
  int key = key_index(name);
  if (key < 0) return RNN_OK;
  if (seen[key]) return bad_at(error, name, "is there twice");
  seen[key] = 1;
  if (key < KEYS)
    return read_value(c, key, value) ? RNN_OK
                                     : bad_at(error, name, "makes no sense");
  double x;
  if (!rnn_decimal_read(value.at, value.length, &x))
    return bad_at(error, name, "is not a number");
  rnn_error inner = {""};
  if (rnn_config_set(&c->config, key - KEYS, x, &inner))
    return bad(error, inner.message);
  return RNN_OK;
}

static rnn_status read_metadata(contents *c, json *in, rnn_error *error) {
  char seen[KEYS + RNN_FIELD_COUNT] = {0};
  if (!json_token(in, '{')) return bad(error, "__metadata__ is no object");
  do {
    json_text name, value;
    if (!json_string(in, &name) || !json_token(in, ':') ||
        !json_string(in, &value))
      return bad(error, "__metadata__ is not made of strings");
    rnn_status status = read_entry(c, name, value, seen, error);
    if (status) return status;
  } while (json_token(in, ','));
  if (!json_token(in, '}')) return bad(error, "__metadata__ does not end");
  for (int i = 0; i < KEYS; i++)
    if (!seen[i])
      return rnn_fail(error, RNN_BAD_CHECKPOINT,
                      "this is not a checkpoint that can be read: %s is "
                      "missing from its metadata",
                      keys[i]);
  /* A file from before a field was there tells fewer, all it knew. */
  uint64_t told = 0;
  for (int i = 0; i < RNN_FIELD_COUNT; i++) told += (uint64_t)seen[KEYS + i];
  if (told != c->fields)
    return bad(error, "it does not tell as many fields as it says");
  rnn_error inner = {""};
  if (rnn_config_check(&c->config, &inner)) return bad(error, inner.message);
  rnn_parameters_layout(&c->parameters, &c->config);
  return RNN_OK;
}

/* --- Tensors -----------------------------------------------------------------
 */

static int find_tensor(const contents *c, json_text name, rnn_tensor *tensor) {
  for (int i = 0; rnn_tensor_at(tensor, &c->config, &c->parameters, i); i++)
    if (json_is(name, tensor->name)) return i;
  return -1;
}

static int read_shape(json *in, const rnn_tensor *tensor) {
  uint64_t rows, columns = 0;
  if (!json_token(in, '[') || !json_whole(in, &rows)) return 0;
  if (json_token(in, ',') && !json_whole(in, &columns)) return 0;
  return json_token(in, ']') && rows == tensor->rows &&
         columns == tensor->columns;
}

static int read_offsets(json *in, uint64_t *start, uint64_t *end) {
  return json_token(in, '[') && json_whole(in, start) && json_token(in, ',') &&
         json_whole(in, end) && json_token(in, ']');
}

/* {"dtype":…, "shape":…, "data_offsets":…}, in any order, each once. */
static rnn_status read_tensor(contents *c, json *in, json_text name,
                              rnn_error *error) {
  rnn_tensor tensor;
  int index = find_tensor(c, name, &tensor), seen = 0;
  uint64_t start = 0, end = 0;
  if (index < 0) return bad_at(error, name, "is no tensor of this model");
  if (c->offsets[index]) return bad_at(error, name, "is there twice");
  if (!json_token(in, '{')) return bad_at(error, name, "is no object");
  do {
    json_text key, type;
    if (!json_string(in, &key) || !json_token(in, ':'))
      return bad_at(error, name, "is no tensor");
    if (json_is(key, "dtype")) {
      if (!json_string(in, &type) || !json_is(type, "F32"))
        return bad_at(error, name, "has another type than F32");
      seen += 1;
    } else if (json_is(key, "shape")) {
      if (!read_shape(in, &tensor))
        return bad_at(error, name, "has another shape than the model");
      seen += 16;
    } else if (json_is(key, "data_offsets")) {
      if (!read_offsets(in, &start, &end))
        return bad_at(error, name, "has offsets that make no sense");
      seen += 256;
    } else
      return bad_at(error, name, "has an unknown key");
  } while (json_token(in, ','));
  if (!json_token(in, '}') || seen != 1 + 16 + 256)
    return bad_at(error, name, "is incomplete");
  if (start > end || end > c->data_size ||
      end - start != rnn_tensor_count(&tensor) * sizeof(float))
    return bad_at(error, name, "has offsets outside the file or of wrong size");
  c->offsets[index] = start + 1;
  return RNN_OK;
}

/* Each tensor begins where another ends, and they fill the file: with all
 * sizes fixed, it is enough that none overlaps and the sizes add up. */
static rnn_status check_tensors(const contents *c, rnn_error *error) {
  rnn_tensor tensor, other;
  uint64_t total = 0;
  for (int i = 0; rnn_tensor_at(&tensor, &c->config, &c->parameters, i); i++) {
    uint64_t size = rnn_tensor_count(&tensor) * sizeof(float);
    if (!c->offsets[i])
      return rnn_fail(error, RNN_BAD_CHECKPOINT,
                      "this is not a checkpoint that can be read: %s is "
                      "missing",
                      tensor.name);
    for (int j = 0; j < i; j++) {
      rnn_tensor_at(&other, &c->config, &c->parameters, j);
      uint64_t other_size = rnn_tensor_count(&other) * sizeof(float);
      if (c->offsets[i] < c->offsets[j] + other_size &&
          c->offsets[j] < c->offsets[i] + size)
        return bad(error, "its tensors overlap");
    }
    total += size;
  }
  return total == c->data_size ? RNN_OK
                               : bad(error, "its tensors do not fill it");
}

/* Training stays below this by far; so nothing that is loaded overflows soon.
 */
static const float LARGEST = 1e30f;

static rnn_status check_numbers(const contents *c, rnn_error *error) {
  int squares = rnn_optimizer_of(&c->config)->squares;
  rnn_tensor tensor;
  for (int i = 0; rnn_tensor_at(&tensor, &c->config, &c->parameters, i); i++) {
    const char *at = c->data + c->offsets[i] - 1;
    int square =
        squares >= 0 && tensor.array == (squares ? RNN_SLOT_1 : RNN_SLOT_0);
    for (uint64_t k = 0; k < rnn_tensor_count(&tensor); k++) {
      float x;
      memcpy(&x, at + k * sizeof x, sizeof x);
      if (!(x >= (square ? 0 : -LARGEST) && x <= LARGEST))
        return rnn_fail(error, RNN_BAD_CHECKPOINT,
                        "this is not a checkpoint that can be read: %s holds "
                        "%g",
                        tensor.name, (double)x);
    }
  }
  return RNN_OK;
}

/* --- The file ----------------------------------------------------------------
 */

static rnn_status read_header(contents *c, json *in, rnn_error *error) {
  json_text name;
  rnn_status status;
  if (!json_token(in, '{') || !json_string(in, &name) ||
      !json_is(name, "__metadata__") || !json_token(in, ':'))
    return bad(error, "its header does not begin with __metadata__");
  if ((status = read_metadata(c, in, error))) return status;
  while (json_token(in, ',')) {
    if (!json_string(in, &name) || !json_token(in, ':'))
      return bad(error, "its header is damaged");
    if ((status = read_tensor(c, in, name, error))) return status;
  }
  if (!json_token(in, '}') || !json_end(in))
    return bad(error, "its header does not end where it should");
  return RNN_OK;
}

static rnn_status read_file(contents *c, const void *bytes, uint64_t size,
                            rnn_error *error) {
  uint64_t header;
  rnn_status status;
  *c = (contents){.plateau = rnn_plateau_start()};
  rnn_config_default(&c->config);
  if (size < sizeof header) return bad(error, "it is shorter than 8 bytes");
  memcpy(&header, bytes, sizeof header);
  if (header > RNN_MAX_HEADER || header > size - sizeof header)
    return bad(error, "its header is longer than the file or 1 MiB");
  const char *start = (const char *)bytes + sizeof header;
  c->data = start + header;
  c->data_size = size - sizeof header - header;
  json in = {start, c->data};
  if ((status = read_header(c, &in, error))) return status;
  if ((status = check_tensors(c, error))) return status;
  return check_numbers(c, error);
}

rnn_status rnn_checkpoint_config(const void *bytes, uint64_t size,
                                 rnn_config *config, rnn_error *error) {
  contents c;
  rnn_status status = read_file(&c, bytes, size, error);
  if (!status) *config = c.config;
  return status;
}

static void copy_tensor(rnn_model *model, const rnn_tensor *tensor,
                        const char *from) {
  uint32_t columns = tensor->columns ? tensor->columns : 1;
  for (uint32_t r = 0; r < tensor->rows; r++)
    for (uint32_t k = 0; k < columns; k++, from += sizeof(float)) {
      float x;
      memcpy(&x, from, sizeof x);
      *rnn_tensor_number(model, tensor, r, k) = (real)x;
    }
}

rnn_model *rnn_checkpoint_load(void *block, const void *bytes, uint64_t size) {
  contents c;
  if (read_file(&c, bytes, size, NULL)) return NULL;
  rnn_model *model = rnn_model_carve(block, &c.config);
  rnn_tensor tensor;
  for (int i = 0; rnn_tensor_at(&tensor, &c.config, &c.parameters, i); i++)
    copy_tensor(model, &tensor, c.data + c.offsets[i] - 1);
  model->iteration = c.iteration;
  model->symbols = c.symbols;
  memcpy(model->random.s, c.random, sizeof c.random);
  model->plateau = c.plateau;
  model->text = (rnn_text){
      .plan = {.length = c.length}, .hash = c.hash, .position = c.position};
  return model;
}

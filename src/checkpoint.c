/* Models as safetensors: writing. Tensors are F32 under PyTorch's names, with
 * the optimizer's slots (optimizer.*) and the carried state (state.*); all else
 * is in __metadata__, whose values are strings:
 *
 *   format, version, fields (their number; without an encoder, those of sources
 *   are left out), config.<field>, iteration, symbols,
 *   random, text.length, text.hash, text.position, plateau.<what>, and the
 *   caller's own */
#include "checkpoint.h"

#include <stdarg.h>
#include <string.h>

#include "print.h"

/* --- What there is -------------------------------------------------------- */

static int parameter_tensor(rnn_tensor *tensor, const rnn_parameter *p,
                            const char *slot) {
  rnn_print(tensor->name, sizeof tensor->name, "%s%s%s%s",
            slot ? "optimizer." : "", slot ? slot : "", slot ? "." : "",
            p->name);
  tensor->rows = p->rows;
  tensor->columns = p->columns;
  return 1;
}

/* "state.h_l0", "state.c_l0", and "state.h_l0_before1" for the one before. */
static void name_state(rnn_tensor *tensor, const rnn_config *config,
                       uint32_t kind, uint32_t layer) {
  uint32_t has_c = (uint32_t)rnn_cell_of(config)->has_c;
  rnn_print(tensor->name, sizeof tensor->name, "state.%c_l%u",
            kind == 1 && has_c ? 'c' : 'h', (unsigned)layer);
  size_t length = strlen(tensor->name);
  if (kind > has_c)
    rnn_print(tensor->name + length, sizeof tensor->name - length, "_before%u",
              (unsigned)(kind - has_c));
}

int rnn_tensor_at(rnn_tensor *tensor, const rnn_config *config,
                  const rnn_parameters *parameters, int index) {
  const rnn_optimizer *optimizer = rnn_optimizer_of(config);
  int count = parameters->count, array = index / count, slots = 0;
  while (slots < 2 && optimizer->slots[slots]) slots++;
  tensor->index = (uint32_t)(index % count);
  if (array <= slots) {
    tensor->array = array == 0   ? RNN_VALUES
                    : array == 1 ? RNN_SLOT_0
                                 : RNN_SLOT_1;
    return parameter_tensor(tensor, &parameters->table[tensor->index],
                            array ? optimizer->slots[array - 1] : NULL);
  }
  uint32_t part = (uint32_t)(index - count * (slots + 1));
  uint32_t layers = config->layers;
  if (part >= rnn_state_parts(config)) return 0;
  name_state(tensor, config, part / layers, part % layers);
  tensor->array = RNN_STATE;
  tensor->index = part;
  tensor->rows = config->batch;
  tensor->columns = config->hidden;
  return 1;
}

uint64_t rnn_tensor_count(const rnn_tensor *tensor) {
  return (uint64_t)tensor->rows * (tensor->columns ? tensor->columns : 1);
}

real *rnn_tensor_number(const rnn_model *model, const rnn_tensor *tensor,
                        uint32_t row, uint32_t column) {
  const rnn_config *config = &model->network.config;
  if (tensor->array == RNN_STATE)
    return model->carried + tensor->index * rnn_state_count(config) +
           ((uint64_t)(column / PANEL) * config->batch + row) * PANEL +
           column % PANEL;
  real *arrays[] = {model->network.values, model->slots[0], model->slots[1]};
  const rnn_parameter *p = &model->network.parameters.table[tensor->index];
  return arrays[tensor->array] + p->offset +
         rnn_parameter_place(p, row, column);
}

/* --- Writing -------------------------------------------------------------- */

/* Counts, and writes too when there is somewhere to write to. */
typedef struct {
  char *at;
  uint64_t used;
} sink;

static void put(sink *out, const char *bytes, size_t count) {
  if (out->at) memcpy(out->at + out->used, bytes, count);
  out->used += count;
}

__attribute__((format(printf, 2, 3))) static void
print(sink *out, const char *format, ...) {
  char line[256];
  va_list arguments;
  va_start(arguments, format);
  size_t length = rnn_vprint(line, sizeof line, format, arguments);
  va_end(arguments);
  put(out, line, length);
}

static void write_metadata(sink *out, const rnn_model *model, const char *extra,
                           size_t extra_length) {
  const uint32_t *s = model->random.s;
  const rnn_text *text = &model->text;
  print(out, "{\"__metadata__\":{\"format\":\"unroll\",\"version\":\"1\"");
  const rnn_config *config = &model->network.config;
  int fields = RNN_FIELD_COUNT;
  if (!rnn_source_steps(config)) fields -= RNN_SOURCE_FIELD_COUNT;
  print(out, ",\"fields\":\"%d\"", fields);
  for (int i = 0; i < fields; i++)
    print(out, ",\"config.%s\":\"%.17g\"", rnn_field_at(i)->name,
          rnn_config_get(config, i));
  print(out, ",\"iteration\":\"%llu\",\"symbols\":\"%llu\"",
        (unsigned long long)model->iteration,
        (unsigned long long)model->symbols);
  print(out, ",\"random\":\"%08x%08x%08x%08x\"", (unsigned)s[0], (unsigned)s[1],
        (unsigned)s[2], (unsigned)s[3]);
  print(out, ",\"text.length\":\"%llu\",\"text.hash\":\"%016llx\"",
        (unsigned long long)text->plan.length, (unsigned long long)text->hash);
  print(out, ",\"text.position\":\"%llu\"", (unsigned long long)text->position);
  const rnn_plateau *plateau = &model->plateau;
  print(out, ",\"plateau.factor\":\"%.17g\",\"plateau.best\":\"%.17g\"",
        plateau->factor, plateau->best);
  print(out, ",\"plateau.sum\":\"%.17g\",\"plateau.count\":\"%u\"",
        plateau->sum, (unsigned)plateau->count);
  print(out, ",\"plateau.bad\":\"%u\"", (unsigned)plateau->bad);
  if (extra_length) {
    put(out, ",", 1);
    put(out, extra, extra_length);
  }
  print(out, "}");
}

static void write_header(sink *out, const rnn_model *model, const char *extra,
                         size_t extra_length) {
  const rnn_network *n = &model->network;
  uint64_t offset = 0, start = out->used;
  rnn_tensor tensor;
  write_metadata(out, model, extra, extra_length);
  for (int i = 0; rnn_tensor_at(&tensor, &n->config, &n->parameters, i); i++) {
    uint64_t end = offset + rnn_tensor_count(&tensor) * sizeof(float);
    print(out, ",\"%s\":{\"dtype\":\"F32\",\"shape\":[%u", tensor.name,
          (unsigned)tensor.rows);
    if (tensor.columns) print(out, ",%u", (unsigned)tensor.columns);
    print(out, "],\"data_offsets\":[%llu,%llu]}", (unsigned long long)offset,
          (unsigned long long)end);
    offset = end;
  }
  print(out, "}");
  while ((out->used - start) % 8) put(out, " ", 1);
}

static void write_tensor(sink *out, const rnn_model *model,
                         const rnn_tensor *tensor) {
  uint32_t columns = tensor->columns ? tensor->columns : 1;
  if (!out->at) {
    out->used += rnn_tensor_count(tensor) * sizeof(float);
    return;
  }
  for (uint32_t r = 0; r < tensor->rows; r++)
    for (uint32_t k = 0; k < columns; k++) {
      float number = (float)*rnn_tensor_number(model, tensor, r, k);
      put(out, (const char *)&number, sizeof number);
    }
}

static void write_file(sink *out, const rnn_model *model, const char *extra,
                       size_t extra_length) {
  const rnn_network *n = &model->network;
  sink header = {NULL, 0};
  write_header(&header, model, extra, extra_length);
  put(out, (const char *)&header.used, sizeof header.used);
  write_header(out, model, extra, extra_length);
  rnn_tensor tensor;
  for (int i = 0; rnn_tensor_at(&tensor, &n->config, &n->parameters, i); i++)
    write_tensor(out, model, &tensor);
}

uint64_t rnn_checkpoint_size(const rnn_model *model, size_t extra_length) {
  sink header = {NULL, 0}, file = {NULL, 0};
  write_header(&header, model, NULL, extra_length);
  write_file(&file, model, NULL, extra_length);
  return header.used <= RNN_MAX_HEADER ? file.used : 0;
}

void rnn_checkpoint_save(const rnn_model *model, const char *extra,
                         size_t extra_length, void *bytes) {
  sink out = {bytes, 0};
  write_file(&out, model, extra, extra_length);
}

/* Checkpoints: exact resume, and no file that can do harm. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { LENGTH = 60 };
static uint8_t text[LENGTH];

typedef struct {
  char *bytes;
  size_t size;
} file;

static file save(const rnn_model *model) {
  size_t size = (size_t)rnn_checkpoint_size(model, 9);
  file saved = {malloc(size), size};
  rnn_checkpoint_save(model, "\"me\":\"ok\"", 9, saved.bytes);
  return saved;
}

static rnn_model *load(const file *from) {
  rnn_config config;
  rnn_error error = {""};
  if (rnn_checkpoint_config(from->bytes, from->size, &config, &error)) {
    expect(0, "%s", error.message);
    return NULL;
  }
  size_t size = (size_t)rnn_model_size(&config);
  return rnn_checkpoint_load(aligned_alloc(RNN_ALIGNMENT, size), from->bytes,
                             from->size);
}

static rnn_model *trained(const rnn_config *config, uint64_t iterations) {
  rnn_model *model = new_model(config);
  rnn_result result;
  rnn_read(model, text, 1, LENGTH, NULL);
  rnn_train(model, iterations, &result, NULL);
  return model;
}

static void resuming_is_exact(void) {
  for (int variant = 0; variant < CELL_VARIANTS; variant++)
    for (uint32_t optimizer = 0; optimizer < 4; optimizer++) {
      rnn_config config = small_config();
      choose_cell(&config, variant);
      config.layers = 2, config.optimizer = optimizer, config.momentum = 0.3;
      rnn_model *whole = trained(&config, 30), *half = trained(&config, 13);
      file saved = save(half);
      rnn_model *resumed = load(&saved);
      rnn_result result;
      if (!resumed) return;
      rnn_read(resumed, text, 1, LENGTH, NULL);
      rnn_train(resumed, 17, &result, NULL);
      file a = save(whole), b = save(resumed);
      expect(a.size == b.size && !memcmp(a.bytes, b.bytes, a.size),
             "%s with optimizer %u", cell_variants[variant], optimizer);
      free(a.bytes);
      free(b.bytes);
      free(saved.bytes);
      free(whole);
      free(half);
      free(resumed);
    }
}

static file example(void) {
  rnn_config config = small_config();
  choose_cell(&config, 3);
  rnn_model *model = trained(&config, 5);
  file saved = save(model);
  free(model);
  return saved;
}

/* Accepted or refused, but never harmed; tells which. */
static int accepts(const file *from) {
  /* A block of exactly this size, so that reading beyond it is seen. */
  char *copy = malloc(from->size ? from->size : 1);
  memcpy(copy, from->bytes, from->size);
  rnn_config config;
  rnn_error error = {""};
  rnn_status status = rnn_checkpoint_config(copy, from->size, &config, &error);
  expect(!status || (status == RNN_BAD_CHECKPOINT && error.message[0]),
         "status %d without a message", (int)status);
  if (!status && rnn_model_size(&config) < 1 << 24) {
    void *block = aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_model_size(&config));
    rnn_model *model = rnn_checkpoint_load(block, copy, from->size);
    rnn_result result;
    if (!rnn_read(model, text, 1, LENGTH, NULL))
      rnn_train(model, 1, &result, NULL);
    free(block);
  }
  free(copy);
  return status == RNN_OK;
}

static void truncated_files_are_refused(void) {
  file whole = example();
  for (size_t size = 0; size < whole.size; size += 1 + size / 64) {
    file part = {whole.bytes, size};
    expect(!accepts(&part), "a file cut to %d bytes is taken", (int)size);
  }
  expect(accepts(&whole), "the whole file is not taken");
  free(whole.bytes);
}

static void damaged_headers_do_no_harm(void) {
  static const char replacements[] = {'0',  '9', '"',        '}', '{', ',',
                                      '\\', 0,   (char)0xff, '-', ' ', 'e'};
  file whole = example();
  uint64_t header;
  memcpy(&header, whole.bytes, sizeof header);
  int refused = 0, tried = 0;
  for (size_t i = 0; i < sizeof header + header; i++) {
    char before = whole.bytes[i];
    for (size_t j = 0; j < sizeof replacements; j++) {
      whole.bytes[i] = replacements[j];
      tried++;
      refused += !accepts(&whole);
    }
    whole.bytes[i] = before;
  }
  expect(refused > tried / 2, "only %d of %d are refused", refused, tried);
  free(whole.bytes);
}

static void random_bytes_do_no_harm(void) {
  file whole = example();
  rnn_random random;
  rnn_random_seed(&random, 5);
  for (int i = 0; i < 2000; i++) {
    file damaged = {malloc(whole.size), whole.size};
    memcpy(damaged.bytes, whole.bytes, whole.size);
    for (int j = 0; j < 8; j++)
      damaged.bytes[rnn_random_below(&random, (uint32_t)whole.size)] =
          (char)rnn_random_bits(&random);
    accepts(&damaged);
    free(damaged.bytes);
  }
  free(whole.bytes);
}

/* The file with the first `old` of its header replaced by as long a `new`. */
static void refuses(const char *old, const char *new) {
  file whole = example();
  uint64_t header;
  memcpy(&header, whole.bytes, sizeof header);
  char *at = NULL;
  for (size_t i = 8; i + strlen(old) <= 8 + header && !at; i++)
    if (!memcmp(whole.bytes + i, old, strlen(old))) at = whole.bytes + i;
  expect(at && strlen(old) == strlen(new), "%s is not in the header", old);
  if (at) memcpy(at, new, strlen(new));
  expect(!accepts(&whole), "%s in place of %s is taken", new, old);
  free(whole.bytes);
}

static void contradictions_are_refused(void) {
  refuses("\"format\":\"unroll\"", "\"format\":\"enroll\"");
  refuses("\"version\":\"1\"", "\"version\":\"2\"");
  refuses("\"config.hidden\":\"5\"", "\"config.hidden\":\"6\"");
  refuses("\"config.hidden\":\"5\"", "\"config.hidden\":\"0\"");
  refuses("\"config.layers\":\"1\"", "\"config.layers\":\"9\"");
  refuses("\"dtype\":\"F32\"", "\"dtype\":\"I32\"");
  refuses("\"shape\":[20,7]", "\"shape\":[07,5]");
  refuses("\"shape\":[20,7]", "\"shape\":[21,7]");
  refuses("\"data_offsets\":[0,", "\"data_offsets\":[4,");
  refuses("rnn.bias_hh_l0", "rnn.bias_ih_l0");
  refuses("output.bias", "output.bits");
  refuses("\"iteration\":\"5\"", "\"iteration\":\"x\"");
  refuses("\"random\":\"", "\"rondom\":\"");
}

/* Where a tensor's numbers begin, as the header says. */
static char *numbers_of(file *whole, const char *name) {
  uint64_t header, start;
  memcpy(&header, whole->bytes, sizeof header);
  for (char *at = whole->bytes + 8; at < whole->bytes + 8 + header; at++)
    if (!strncmp(at, name, strlen(name))) {
      start = strtoull(strstr(at, "offsets\":[") + 10, NULL, 10);
      return whole->bytes + 8 + header + start;
    }
  return NULL;
}

static void numbers_must_be_possible(void) {
  static const struct {
    const char *tensor;
    float number;
    int possible;
  } cases[] = {{"output.weight", HUGE_VALF, 0},
               {"output.weight", -HUGE_VALF, 0},
               {"output.weight", NAN, 0},
               {"output.weight", 2e30f, 0},
               {"output.weight", -1, 1},
               {"optimizer.exp_avg.output.weight", -1, 1},
               {"optimizer.exp_avg.output.weight", 3e38f, 0},
               {"optimizer.exp_avg_sq.output.weight", -1, 0},
               {"optimizer.exp_avg_sq.output.weight", 1, 1},
               {"state.c_l0", NAN, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    file whole = example();
    char name[64];
    snprintf(name, sizeof name, "\"%s\"", cases[i].tensor);
    memcpy(numbers_of(&whole, name), &cases[i].number, sizeof(float));
    expect(accepts(&whole) == cases[i].possible, "%s with %g is %s",
           cases[i].tensor, (double)cases[i].number,
           cases[i].possible ? "refused" : "taken");
    free(whole.bytes);
  }
}

static void another_text_starts_at_its_beginning(void) {
  rnn_config config = small_config();
  rnn_model *model = trained(&config, 3);
  file before = save(model);
  rnn_model *resumed = load(&before);
  if (!resumed) return;
  text[LENGTH - 1] ^= 1;
  rnn_read(resumed, text, 1, LENGTH, NULL);
  text[LENGTH - 1] ^= 1;
  file after = save(resumed);
  expect(strstr(after.bytes + 8, "\"text.position\":\"0\"") != NULL,
         "the position was kept");
  free(before.bytes);
  free(after.bytes);
  free(model);
  free(resumed);
}

static void too_large_a_header_is_not_written(void) {
  rnn_config config = small_config();
  rnn_model *model = new_model(&config);
  expect(rnn_checkpoint_size(model, 1 << 20) == 0, "it has a size");
  free(model);
}

int main(void) {
  for (int i = 0; i < LENGTH; i++) text[i] = (uint8_t)(i * i % 7);
  run("resuming from a checkpoint continues bit for bit", resuming_is_exact);
  run("a truncated file is refused", truncated_files_are_refused);
  run("a damaged header does no harm", damaged_headers_do_no_harm);
  run("random damage does no harm", random_bytes_do_no_harm);
  run("a file that contradicts itself is refused", contradictions_are_refused);
  run("numbers that cannot be are refused", numbers_must_be_possible);
  run("another text starts at its beginning",
      another_text_starts_at_its_beginning);
  run("a header over 1 MiB is not written", too_large_a_header_is_not_written);
  return finish();
}

/* Numbers as text against the C library's, over doubles of every size and text
 * of every form; and the printing of everything else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "decimal.h"
#include "print.h"

enum { ROUNDS = 5000 };

static uint64_t state = 88172645463325252u;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

/* Of any exponent, near 1, without an exponent (subnormal), or with few digits.
 */
static double some_double(int kind) {
  uint64_t bits = next();
  double x = (double)(bits % 100000) / 1000;
  if (kind == 3) return x;
  if (kind == 1)
    bits = (bits & 0x800fffffffffffff) | (1003 + next() % 40) << 52;
  if (kind == 2) bits &= 0x800fffffffffffff >> next() % 50;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static int same(double a, double b) {
  return !memcmp(&a, &b, sizeof a);
}

static void test_writing(void) {
  char text[RNN_DECIMAL_TEXT], wanted[64];
  int written = 0;
  for (int i = 0; i < ROUNDS; i++) {
    double x = some_double(i % 4);
    if (x != x) continue;
    int digits = i % 3 ? 1 + (int)(next() % 17) : 17;
    snprintf(wanted, sizeof wanted, "%.*g", digits, x);
    expect(rnn_decimal_write(text, x, digits) == strlen(text) &&
               !strcmp(text, wanted),
           "it writes %s, not %s", text, wanted);
    written++;
  }
  expect(written > ROUNDS * 9 / 10, "only %d were tried", written);
  rnn_decimal_write(text, strtod("nan", NULL), 9);
  expect(strstr(text, "nan") != NULL, "not a number is %s", text);
}

static void test_round_trip(void) {
  char text[RNN_DECIMAL_TEXT];
  for (int i = 0; i < ROUNDS; i++) {
    double x = some_double(i % 4), read = 0;
    size_t length = rnn_decimal_write(text, x, 17);
    if (strpbrk(text, "in")) continue;
    expect(rnn_decimal_read(text, length, &read) && same(read, x),
           "%s is read as %.17g", text, read);
  }
}

static void expect_read(const char *text) {
  double read = 7, wanted = strtod(text, NULL);
  expect(rnn_decimal_read(text, strlen(text), &read) && same(read, wanted),
         "%s is read as %.17g, not %.17g", text, read, wanted);
}

static void test_reading(void) {
  char text[64];
  for (int i = 0; i < ROUNDS; i++) {
    int digits = 1 + (int)(next() % 20), point = (int)(next() % 25), used = 0;
    if (next() % 3 == 0) text[used++] = "-+"[next() % 2];
    for (int k = 0; k < digits; k++) {
      if (k == point) text[used++] = '.';
      text[used++] = "0123456789555000"[next() % 16];
    }
    text[used] = '\0';
    if (next() % 2)
      snprintf(text + used, sizeof text - (size_t)used, "e%d",
               (int)(next() % 700) - 350);
    expect_read(text);
  }
  /* Halfway cases, and the ends of what there is. */
  static const char *const delicate[] = {"0",
                                         "-0",
                                         "1.",
                                         ".5",
                                         "1e400",
                                         "-1e999",
                                         "1e-400",
                                         "0e99999999",
                                         "9007199254740993",
                                         "9007199254740995",
                                         "9007199254740993.0000000000001",
                                         "4.9406564584124654e-324",
                                         "2.4703282292062327e-324",
                                         "2.4703282292062328e-324",
                                         "2.2250738585072011e-308",
                                         "2.2250738585072014e-308",
                                         "1.7976931348623158e308",
                                         "1.7976931348623159e308"};
  for (size_t i = 0; i < sizeof delicate / sizeof delicate[0]; i++)
    expect_read(delicate[i]);
}

static void test_refusing(void) {
  static const char *const wrong[] = {"",
                                      "-",
                                      ".",
                                      "e5",
                                      "1e",
                                      "1e+",
                                      "1x",
                                      " 1",
                                      "1 ",
                                      "0x1",
                                      "nan",
                                      "inf",
                                      "1..2",
                                      "1.2.3",
                                      "--1",
                                      "+-1",
                                      "1e5.",
                                      "1e1e1",
                                      "12345678901234567890123456789012"};
  double x;
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    expect(!rnn_decimal_read(wrong[i], strlen(wrong[i]), &x), "\"%s\" is read",
           wrong[i]);
}

static void test_printing(void) {
  char text[128], wanted[128];
#define COMPARE(...)                                                           \
  snprintf(wanted, sizeof wanted, __VA_ARGS__);                                \
  expect(rnn_print(text, sizeof text, __VA_ARGS__) == strlen(wanted) &&        \
             !strcmp(text, wanted),                                            \
         "it prints %s, not %s", text, wanted)
  COMPARE("%s and %c, %d … %u", "text", 'c', -2147483647 - 1, 4294967295u);
  COMPARE("%.*s|%.3s|%.9s", 2, "text", "text", "text");
  COMPARE("%08x %016llx %llu %x", 0xbeefu, 0xfeedull, ~0ull, 0u);
  COMPARE("%g %.3g %.9g %.17g", 1e9, 0.00012345, 1e-5, 0.1);
#undef COMPARE
  expect(rnn_print(text, 5, "%s%d", "abc", 123) == 4 && !strcmp(text, "abc1"),
         "five bytes hold %s", text);
}

int main(void) {
  run("numbers are written as the C library writes them", test_writing);
  run("17 digits tell every number apart", test_round_trip);
  run("numbers are read as the C library reads them", test_reading);
  run("text that is no number is refused", test_refusing);
  run("all else is printed as the C library prints it", test_printing);
  return finish();
}

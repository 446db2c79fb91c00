/* A double is m · 2^e, and so a decimal fraction that ends: it is held whole,
 * in fixed point, and only then rounded. Nothing here is an approximation. */
#include "decimal.h"

#include <stdint.h>
#include <string.h>

/* Most significant limb first, nine digits in each; `WHOLE` of them before the
 * point. 2^1024 has 309 digits, and 2^-1074 has 1074 behind the point. */
enum { WHOLE = 36, LIMBS = WHOLE + 120, LIMB_DIGITS = 9, LIMB = 1000000000 };
typedef struct {
  uint32_t limbs[LIMBS];
} decimal;

/* Places of digits: 0 is the most significant one. */
enum { PLACES = LIMBS * LIMB_DIGITS, ONES = WHOLE * LIMB_DIGITS - 1 };

static uint32_t weight_of(int place) {
  uint32_t weight = 1;
  for (int i = place % LIMB_DIGITS; i < LIMB_DIGITS - 1; i++) weight *= 10;
  return weight;
}

static int digit_at(const decimal *d, int place) {
  return (int)(d->limbs[place / LIMB_DIGITS] / weight_of(place) % 10);
}

/* d · 2^shift, shift ≤ 30. */
static void multiply(decimal *d, int shift) {
  uint64_t carry = 0;
  for (int i = LIMBS; i--;) {
    carry += (uint64_t)d->limbs[i] << shift;
    d->limbs[i] = (uint32_t)(carry % LIMB);
    carry /= LIMB;
  }
}

/* d / 2^shift, shift ≤ 30. Exact: each halving takes one more place. */
static void divide(decimal *d, int shift) {
  uint64_t rest = 0;
  for (int i = 0; i < LIMBS; i++) {
    rest = rest * LIMB + d->limbs[i];
    d->limbs[i] = (uint32_t)(rest >> shift);
    rest &= ((uint64_t)1 << shift) - 1;
  }
}

static void scale(decimal *d, int exponent) {
  for (; exponent > 30; exponent -= 30) multiply(d, 30);
  for (; exponent < -30; exponent += 30) divide(d, 30);
  if (exponent > 0)
    multiply(d, exponent);
  else
    divide(d, -exponent);
}

/* Whether a digit from `place` on is not 0. */
static int any_from(const decimal *d, int place) {
  if (place >= PLACES) return 0;
  if (d->limbs[place / LIMB_DIGITS] % (weight_of(place) * (uint64_t)10))
    return 1;
  for (int i = place / LIMB_DIGITS + 1; i < LIMBS; i++)
    if (d->limbs[i]) return 1;
  return 0;
}

/* --- Writing -------------------------------------------------------------- */

/* |x|, which is finite. */
static void set(decimal *d, uint64_t bits) {
  uint64_t m = bits & 0xfffffffffffff;
  int exponent = (int)(bits >> 52 & 0x7ff);
  if (exponent)
    m |= (uint64_t)1 << 52;
  else
    exponent = 1;
  memset(d, 0, sizeof *d);
  d->limbs[WHOLE - 1] = (uint32_t)(m % LIMB);
  d->limbs[WHOLE - 2] = (uint32_t)(m / LIMB);
  scale(d, exponent - 1075);
}

/* The first `count` digits that matter, rounded; returns the power of ten of
 * the first of them. */
static int round_to(char *digits, const decimal *d, int count) {
  int first = 0;
  while (first < PLACES && digit_at(d, first) == 0) first++;
  if (first == PLACES) first = ONES; /* 0 */
  for (int i = 0; i < count; i++)
    digits[i] = (char)(first + i < PLACES ? digit_at(d, first + i) : 0);
  int next = first + count < PLACES ? digit_at(d, first + count) : 0;
  int up =
      next > 5 ||
      (next == 5 && (any_from(d, first + count + 1) || digits[count - 1] % 2));
  for (int i = count; up && i--;) {
    digits[i] = (char)((digits[i] + 1) % 10);
    up = digits[i] == 0;
  }
  if (!up) return ONES - first;
  digits[0] = 1; /* 9…9 became 10…0 */
  return ONES - first + 1;
}

/* Digits with the point `point` places after the first. */
static char *put_fixed(char *to, const char *digits, int count, int point) {
  for (int place = point < 0 ? point : 0; place < count || place <= point;
       place++) {
    if (place == point + 1) *to++ = '.';
    *to++ = (char)('0' + (place >= 0 && place < count ? digits[place] : 0));
  }
  return to;
}

static char *put_exponent(char *to, int exponent) {
  int size = exponent < 0 ? -exponent : exponent;
  *to++ = 'e';
  *to++ = exponent < 0 ? '-' : '+';
  if (size >= 100) *to++ = (char)('0' + size / 100);
  *to++ = (char)('0' + size / 10 % 10);
  *to++ = (char)('0' + size % 10);
  return to;
}

size_t rnn_decimal_write(char text[RNN_DECIMAL_TEXT], double x, int digits) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  char *to = text, rounded[17];
  if (bits >> 63) *to++ = '-';
  if ((bits >> 52 & 0x7ff) == 0x7ff) {
    memcpy(to, bits << 12 ? "nan" : "inf", 4);
    return (size_t)(to - text) + 3;
  }
  decimal d;
  set(&d, bits);
  int exponent = round_to(rounded, &d, digits), count = digits;
  while (count > 1 && rounded[count - 1] == 0) count--;
  if (exponent < -4 || exponent >= digits)
    to = put_exponent(put_fixed(to, rounded, count, 0), exponent);
  else
    to = put_fixed(to, rounded, count, exponent);
  *to = '\0';
  return (size_t)(to - text);
}

/* --- Reading -------------------------------------------------------------- */

static int is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* What follows an e, at most ±9999: more is beyond all doubles anyway. */
static int read_exponent(const char **at, const char *end, int *exponent) {
  int negative = *at < end && **at == '-';
  if (*at < end && (**at == '-' || **at == '+')) ++*at;
  const char *start = *at;
  for (; *at < end && is_digit(**at); ++*at)
    if (*exponent < 1000) *exponent = *exponent * 10 + (**at - '0');
  if (negative) *exponent = -*exponent;
  return *at > start;
}

/* The digits of [start, end), the last of them times ten to `power`. Returns 0
 * where that is beyond all doubles. */
static int place_digits(decimal *d, const char *start, const char *end,
                        int power) {
  memset(d, 0, sizeof *d);
  while (end > start) {
    char c = *--end;
    if (c == '.') continue;
    int place = ONES - power++;
    if (c == '0' || place >= PLACES) continue;
    if (place < 0) return 0;
    d->limbs[place / LIMB_DIGITS] += (uint32_t)(c - '0') * weight_of(place);
  }
  return 1;
}

/* The whole part, or 2^53 where it is more than that. */
static uint64_t whole_part(const decimal *d) {
  const uint64_t most = (uint64_t)1 << 53;
  for (int i = 0; i < WHOLE - 2; i++)
    if (d->limbs[i]) return most;
  uint64_t whole = (uint64_t)d->limbs[WHOLE - 2] * LIMB + d->limbs[WHOLE - 1];
  return whole < most ? whole : most;
}

/* The double nearest to d: d is brought to m · 2^e with m of 53 bits, as far as
 * the smallest exponent lets it, and m is rounded. */
static uint64_t nearest(decimal *d) {
  const uint64_t half = (uint64_t)1 << 52, infinity = (uint64_t)0x7ff << 52;
  int e = 0;
  if (!any_from(d, 0)) return 0;
  for (; whole_part(d) == 2 * half; e++) divide(d, 1);
  for (; whole_part(d) < half && e > -1074; e--) multiply(d, 1);
  uint64_t m = whole_part(d);
  int tenth = digit_at(d, ONES + 1);
  if (tenth > 5 || (tenth == 5 && (any_from(d, ONES + 2) || m % 2))) m++;
  /* A carry into bit 53 moves on into the exponent, as it should. */
  uint64_t bits = m < half ? m : ((uint64_t)(e + 1074) << 52) + m;
  return bits < infinity ? bits : infinity;
}

int rnn_decimal_read(const char *text, size_t length, double *x) {
  const char *at = text, *end = text + length;
  if (length >= RNN_DECIMAL_TEXT) return 0;
  int negative = at < end && *at == '-', digits = 0, exponent = 0;
  if (at < end && (*at == '-' || *at == '+')) at++;
  const char *start = at, *point = NULL;
  for (; at < end && (is_digit(*at) || (*at == '.' && !point)); at++) {
    if (*at == '.')
      point = at;
    else
      digits++;
  }
  const char *stop = at;
  if (!digits) return 0;
  if (at < end && *at == 'e') {
    at++;
    if (!read_exponent(&at, end, &exponent)) return 0;
  }
  if (at < end) return 0;
  decimal d;
  int power = exponent - (point ? (int)(stop - point) - 1 : 0);
  uint64_t bits = place_digits(&d, start, stop, power)
                      ? nearest(&d)
                      : (uint64_t)0x7ff << 52; /* infinity */
  bits |= (uint64_t)negative << 63;
  memcpy(x, &bits, sizeof *x);
  return 1;
}

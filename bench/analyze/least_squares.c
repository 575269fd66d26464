#include "bench/analyze/least_squares.h"

#include <math.h>
#include <string.h>

enum { TERMS = LEAST_SQUARES_TERMS, SERIES_TERMS = 10000 };

/* ---- the F distribution -------------------------------------------------- */

static double log_gamma(double x) {
  int sign; /* lgamma would keep it in a global */
  return lgamma_r(x, &sign);
}

/* I_x(a, b) by its power series, for x that are not near 1. */
static double beta_series(double x, double a, double b) {
  double term = 1, sum = 1;
  for (int n = 0; n < SERIES_TERMS && term > 1e-16 * sum; n++) {
    term *= x * (a + b + n) / (a + 1 + n);
    sum += term;
  }
  return sum / a *
         exp(a * log(x) + b * log1p(-x) + log_gamma(a + b) - log_gamma(a) -
             log_gamma(b));
}

double least_squares_f_p(double f, double above, double below) {
  double a = below / 2, b = above / 2, x = below / (below + above * f);
  if (!(f > 0))
    return isnan(f) ? f : 1;
  if (!(x > 0))
    return 0;
  return x > (a + 1) / (a + b + 2) ? 1 - beta_series(1 - x, b, a)
                                   : beta_series(x, a, b);
}

/* ---- the fit ------------------------------------------------------------- */

typedef double matrix[TERMS][TERMS];

static void swap_rows(matrix a, size_t i, size_t k) {
  double row[TERMS];
  memcpy(row, a[i], sizeof row);
  memcpy(a[i], a[k], sizeof row);
  memcpy(a[k], row, sizeof row);
}

static void subtract_row(matrix a, size_t from, size_t row, double times) {
  for (size_t k = 0; k < TERMS; k++)
    a[from][k] -= times * a[row][k];
}

/* Gauss-Jordan, with the largest of a column as its pivot; a is used up.
 * False: it has no inverse. */
static bool invert(matrix a, size_t n, matrix inverse) {
  double largest = 0;
  memset(inverse, 0, sizeof(matrix));
  for (size_t i = 0; i < n; i++) {
    inverse[i][i] = 1;
    largest = fmax(largest, fabs(a[i][i]));
  }
  for (size_t i = 0; i < n; i++) {
    size_t pivot = i;
    for (size_t k = i + 1; k < n; k++)
      if (fabs(a[k][i]) > fabs(a[pivot][i]))
        pivot = k;
    swap_rows(a, i, pivot);
    swap_rows(inverse, i, pivot);
    double by = a[i][i];
    if (!(fabs(by) > 1e-14 * largest))
      return false;
    for (size_t k = 0; k < TERMS; k++) {
      a[i][k] /= by;
      inverse[i][k] /= by;
    }
    for (size_t k = 0; k < n; k++)
      if (k != i) {
        double times = a[k][i];
        subtract_row(a, k, i, times);
        subtract_row(inverse, k, i, times);
      }
  }
  return true;
}

static double weight_of(const struct fitted_mean *place) {
  return (double)place->samples / place->variance;
}

/* What a mean weighs in its own fit, 0 to 1; the sum of all is `terms`. */
static double leverage(const struct fitted_mean *place, matrix inverse,
                       size_t terms) {
  double sum = 0;
  for (size_t i = 0; i < terms; i++)
    for (size_t k = 0; k < terms; k++)
      sum += place->term[i] * inverse[i][k] * place->term[k];
  return weight_of(place) * sum;
}

static double lack(const struct fitted_mean *places, size_t count, size_t terms,
                   matrix inverse, double off) {
  double free = (double)count - (double)terms, unsure = 0;
  if (count <= terms)
    return (double)NAN;
  for (size_t i = 0; i < count; i++)
    unsure += pow(1 - leverage(&places[i], inverse, terms), 2) /
              (double)(places[i].samples - 1);
  double scale = free + 2 * unsure - 6 * unsure / (free + 2);
  return least_squares_f_p(off / scale, free, free * (free + 2) / (3 * unsure));
}

bool least_squares_fit(const struct fitted_mean *places, size_t count,
                       size_t terms, struct least_squares *fit) {
  matrix normal = {{0}}, inverse;
  double right[TERMS] = {0};
  *fit = (struct least_squares){.off = 0, .lack_p = (double)NAN};
  for (size_t p = 0; p < count; p++)
    for (size_t i = 0; i < terms; i++) {
      const double *term = places[p].term;
      double weighted = weight_of(&places[p]) * term[i];
      right[i] += weighted * places[p].mean;
      for (size_t k = 0; k < terms; k++)
        normal[i][k] += weighted * term[k];
    }
  if (count < terms || !invert(normal, terms, inverse))
    return false;
  for (size_t i = 0; i < terms; i++)
    for (size_t k = 0; k < terms; k++)
      fit->coefficient[i] += inverse[i][k] * right[k];
  for (size_t p = 0; p < count; p++) {
    double left = places[p].mean;
    for (size_t i = 0; i < terms; i++)
      left -= fit->coefficient[i] * places[p].term[i];
    fit->off += weight_of(&places[p]) * left * left;
  }
  fit->lack_p = lack(places, count, terms, inverse, fit->off);
  return true;
}

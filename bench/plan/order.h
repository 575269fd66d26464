/* order.h: the order in which a round does its trials. */
#ifndef CORESWEEP_ORDER_H
#define CORESWEEP_ORDER_H

#include <stddef.h>
#include <stdint.h>

/* Fills order[0..n) with a random permutation of 0..n-1 that depends on
 * (n, seed, round) alone; n below 2^32.  Cannot fail.
 * Source: Durstenfeld's form of the Fisher-Yates shuffle, Knuth, The Art of
 * Computer Programming, vol. 2, sec. 3.4.2, algorithm P. */
void order_shuffle(uint32_t *order, size_t n, uint64_t seed, uint64_t round);

#endif

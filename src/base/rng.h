/* SPDX-License-Identifier: MIT */
/*
 * Chance, passed in: a small generator (splitmix64) whose whole state is one
 * number, so that a seeded run repeats. Not for secrets.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

enum { UUID_TEXT = 37 }; /* 36 characters and the NUL */

struct rng {
	uint64_t state;
};

struct rng rng_from_system(void);
uint64_t rng_next(struct rng *r);
double rng_uniform(struct rng *r, double low, double high); /* low <= x < high */
void rng_bytes(struct rng *r, void *out, size_t n);
void rng_uuid(struct rng *r, char out[UUID_TEXT]); /* version 4, lower case */

#endif

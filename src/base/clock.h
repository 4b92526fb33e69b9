/* SPDX-License-Identifier: MIT */
/*
 * Time. Only main_*, cmd_* and the loops (engine, UI, load) ask for it;
 * everything below takes `now` as an argument. clock_fix() stops both clocks at
 * a given moment (golden screens), clock_advance() then moves them. Any thread
 * may read; fix and advance are for one thread before or between the others'
 * steps.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_wall_ms(void); /* milliseconds since 1970, UTC */
int64_t clock_mono_ms(void); /* milliseconds from an arbitrary start, never back */
int64_t clock_mono_us(void);
int64_t clock_system_ms(void); /* the same, and it goes on where clock_fix() holds the others */

void clock_fix(int64_t wall_ms);
void clock_advance(int64_t ms);

#endif

/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t fixed_ms; /* 0: the clocks run */

static int64_t
read_us(clockid_t id)
{
	int64_t fixed = atomic_load(&fixed_ms);
	struct timespec ts;

	if (fixed)
		return fixed * 1000;
	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
clock_wall_ms(void)
{
	return read_us(CLOCK_REALTIME) / 1000;
}

int64_t
clock_mono_ms(void)
{
	return read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t
clock_mono_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t
clock_system_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
clock_fix(int64_t wall_ms)
{
	atomic_store(&fixed_ms, wall_ms);
}

void
clock_advance(int64_t ms)
{
	if (atomic_load(&fixed_ms))
		atomic_fetch_add(&fixed_ms, ms);
}

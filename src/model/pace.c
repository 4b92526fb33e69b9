/* SPDX-License-Identifier: MIT */
#include "model/pace.h"

#include <math.h>

static const double differs = 0.1, keeps_up_s = 6;

/* The looks of the window, oldest first, and the jumps among them. */
struct looks {
	const struct pace *pace;
	size_t from, to;        /* of `added`; to: past the newest */
	size_t jumps, first, last;
};

static const struct pace_point *
at(const struct pace *p, size_t i)
{
	return &p->point[i % PACE_POINTS];
}

static struct looks
look(const struct pace *p)
{
	struct looks l = {.pace = p, .from = p->added > PACE_POINTS ? p->added - PACE_POINTS : 0, .to = p->added};
	int64_t now = at(p, l.to - 1)->time;

	while (now - at(p, l.from)->time > (l.from + 2 == l.to ? PACE_RARE_MS : PACE_WINDOW_MS))
		l.from++;
	for (size_t i = l.from + 1; i < l.to; i++) {
		if (at(p, i)->committed == at(p, i - 1)->committed)
			continue;
		if (l.jumps++ == 0)
			l.first = i;
		l.last = i;
	}
	return l;
}

static void
measure(struct pace *p, size_t from, size_t to, bool consumption)
{
	const struct pace_point *a = at(p, from), *b = at(p, to);
	double s = (double)(b->time - a->time) / 1000;

	if (s <= 0)
		return;
	p->production = (double)(b->end - a->end) / s;
	if (consumption)
		p->consumption = (double)(b->committed - a->committed) / s;
}

static void
measure_looks(struct pace *p)
{
	struct looks l = look(p);
	size_t newest = l.to - 1;
	int64_t now = at(p, newest)->time;
	bool quiet = now - at(p, l.from)->time >= PACE_QUIET_MS;
	bool idle = at(p, l.from)->end == at(p, newest)->end && at(p, newest)->end <= at(p, newest)->committed;

	p->consumption = p->production = NAN;
	if (l.jumps < 2)
		measure(p, l.from, newest, quiet || (idle && l.jumps == 0));
	else
		measure(p, l.first, now - at(p, l.last)->time >= PACE_QUIET_MS ? newest : l.last, true);
}

static enum trend
judge(const struct pace *p, int64_t lag)
{
	double net = p->production - p->consumption, most = fmax(p->production, p->consumption);
	bool moved = p->trend == TREND_GROWING || p->trend == TREND_DRAINING;

	if (lag <= 0)
		return TREND_KEEPS_UP;
	if (isnan(net))
		return TREND_UNKNOWN;
	if (fabs(net) > most * (moved ? differs / 2 : differs))
		return net > 0 ? TREND_GROWING : TREND_DRAINING;
	return (double)lag <= p->production * keeps_up_s ? TREND_KEEPS_UP : TREND_STEADY;
}

void
pace_add(struct pace *p, int64_t time, int64_t committed, int64_t end, size_t partitions)
{
	const struct pace_point *before = p->added ? at(p, p->added - 1) : NULL;

	if (!before || partitions != p->partitions || committed < before->committed || end < before->end ||
	    time < before->time)
		*p = (struct pace){.partitions = partitions, .consumption = NAN, .production = NAN};
	p->point[p->added++ % PACE_POINTS] = (struct pace_point){time, committed, end};
	measure_looks(p);
	p->trend = judge(p, end - committed);
}

double
pace_eta(const struct pace *p, int64_t lag)
{
	if (lag < 0 || p->added == 0)
		return NAN;
	switch (p->trend) {
	case TREND_KEEPS_UP:
		return 0;
	case TREND_DRAINING:
		return (double)lag / (p->consumption - p->production);
	case TREND_STEADY:
	case TREND_GROWING:
		return INFINITY;
	default:
		return NAN;
	}
}

size_t
pace_lags(const struct pace *p, uint32_t *lags, size_t n, int64_t *span)
{
	size_t kept = p->added < PACE_POINTS ? p->added : PACE_POINTS;

	if (kept < n)
		n = kept;
	for (size_t i = 0; i < n; i++) {
		const struct pace_point *point = at(p, p->added - n + i);
		int64_t lag = point->end - point->committed;

		lags[i] = lag < 0 ? 0 : lag > UINT32_MAX ? UINT32_MAX : (uint32_t)lag;
	}
	*span = n ? at(p, p->added - 1)->time - at(p, p->added - n)->time : 0;
	return n;
}

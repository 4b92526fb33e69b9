/* SPDX-License-Identifier: MIT */
#include "load/progress.h"

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct progress {
	pthread_mutex_t lock;
	struct buf lines;
	int64_t dropped;
};

struct progress *
progress_new(void)
{
	struct progress *p = xcalloc(1, sizeof(*p));

	pthread_mutex_init(&p->lock, NULL);
	return p;
}

void
progress_free(struct progress *p)
{
	if (!p)
		return;
	pthread_mutex_destroy(&p->lock);
	buf_free(&p->lines);
	free(p);
}

static const char *
told_stage(enum event_kind kind)
{
	switch (kind) {
	case EVENT_CONFIGURED:
		return "configured";
	case EVENT_STABILIZATION:
		return "stabilization";
	case EVENT_STARTED:
		return "carry out";
	case EVENT_TERMINATED:
		return "terminated";
	default:
		return NULL;
	}
}

void
progress_moment(struct progress *p, const struct experiment *e, const struct moment *at)
{
	const char *stage = told_stage(at->kind);
	char when[UNITS_TEXT];

	if (!stage)
		return;
	pthread_mutex_lock(&p->lock);
	if (p->lines.n >= PROGRESS_BYTES) {
		p->dropped++;
	} else {
		buf_addf(&p->lines, "%s %s %s ", units_timestamp(when, at->time / 1000), experiment_id(e), stage);
		text_clean(&p->lines, slice_str(experiment_entry(e)->researcher));
		buf_char(&p->lines, '\n');
	}
	pthread_mutex_unlock(&p->lock);
}

void
progress_take(struct progress *p, struct buf *out)
{
	pthread_mutex_lock(&p->lock);
	buf_add(out, p->lines.p, p->lines.n);
	if (p->dropped > 0)
		buf_addf(out, "%lld lines were left out: they were not read in time\n", (long long)p->dropped);
	p->dropped = 0;
	buf_clear(&p->lines);
	pthread_mutex_unlock(&p->lock);
}

/* "1:02:03", "0:36", "-" */
static void
add_duration(struct buf *out, double s)
{
	long long whole = isnan(s) ? 0 : llround(ceil(s));

	if (isnan(s))
		buf_char(out, '-');
	else if (whole >= 3600)
		buf_addf(out, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
	else
		buf_addf(out, "%lld:%02lld", whole / 60, whole % 60);
}

void
progress_line(struct buf *out, size_t experiments, const struct progress_look *before, const struct progress_look *now,
	      double left_s, size_t width)
{
	const struct emit_counts *c = &now->counts;
	const int64_t *at = c->stages;
	double s = (double)(now->time - before->time) / 1000;
	char asked[UNITS_TEXT], reached[UNITS_TEXT], events[UNITS_TEXT];
	size_t start = out->n;

	add_duration(out, left_s);
	buf_addf(out, " left  wait %lld stab %lld run %lld end %lld  %s events  asked %s/s  reached %s/s",
		 (long long)((int64_t)experiments - at[EVENT_STABILIZATION]),
		 (long long)(at[EVENT_STABILIZATION] - at[EVENT_STARTED]),
		 (long long)(at[EVENT_STARTED] - at[EVENT_TERMINATED]), (long long)at[EVENT_TERMINATED],
		 units_short(events, c->delivered), units_rate(asked, c->rate),
		 units_rate(reached, s > 0 ? (double)(c->delivered - before->counts.delivered) / s : (double)NAN));
	if (out->n - start > width)
		out->n = start + width;
}

static void
add_ms(struct buf *out, int64_t us)
{
	if (us < 0)
		buf_char(out, '-');
	else
		buf_addf(out, "%.1f ms", (double)us / 1000);
}

void
progress_summary(struct buf *out, const struct emit_counts *c, double seconds)
{
	char asked[UNITS_TEXT], sent[UNITS_TEXT], confirmed[UNITS_TEXT], failed[UNITS_TEXT];

	buf_addf(out, "asked %s, sent %s, confirmed %s, failed %s, in %.1f s", units_count(asked, c->asked),
		 units_count(sent, c->sent), units_count(confirmed, c->delivered), units_count(failed, c->failed),
		 seconds);
	if (seconds > 0)
		buf_addf(out, " (%.0f/s)", (double)c->delivered / seconds);
	buf_str(out, "\nlate: p50 ");
	add_ms(out, c->late_p50_us);
	buf_str(out, ", p99 ");
	add_ms(out, c->late_p99_us);
	buf_str(out, ", max ");
	add_ms(out, c->late_p50_us < 0 ? -1 : c->late_max_us);
	buf_char(out, '\n');
}

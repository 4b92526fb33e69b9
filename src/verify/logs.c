/* SPDX-License-Identifier: MIT */
#include "verify/logs.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

/* A log and its next item, where it was looked at. */
struct next {
	struct truthlog *log;
	enum truthlog_answer answer;
	bool there;
	struct truthlog_item item;
	struct err err;
};

struct logs {
	struct next *all;
	size_t n;
	double time;
};

struct logs *
logs_open(const struct strings *files, struct err *err)
{
	struct logs *l = xcalloc(1, sizeof(*l));

	l->time = NAN;
	l->all = xcalloc(files->n + 1, sizeof(*l->all));
	for (size_t i = 0; i < files->n; i++) {
		l->all[i].log = truthlog_open(files->item[i], err);
		if (!l->all[i].log) {
			logs_free(l);
			return NULL;
		}
		l->n++;
	}
	return l;
}

void
logs_free(struct logs *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n; i++)
		truthlog_close(l->all[i].log);
	free(l->all);
	free(l);
}

/* What cannot be read comes at once, and so does an item without a time. */
static double
time_of(const struct next *n)
{
	return n->answer != TRUTHLOG_ITEM || isnan(n->item.time) ? -INFINITY : n->item.time;
}

static struct next *
earliest(struct logs *l, bool last)
{
	struct next *found = NULL;

	for (struct next *n = l->all; n < l->all + l->n; n++) {
		if (!n->there)
			n->answer = truthlog_next(n->log, last, &n->item, &n->err);
		n->there = n->answer != TRUTHLOG_END;
		if (n->there && (!found || time_of(n) < time_of(found)))
			found = n;
	}
	return found;
}

enum truthlog_answer
logs_next(struct logs *l, double until, bool last, struct truthlog_item *item, int *file, struct err *err)
{
	struct next *n = earliest(l, last);

	if (!n || !(time_of(n) <= until)) /* UNTIL is NaN before the topic's first record */
		return TRUTHLOG_END;
	n->there = false;
	*item = n->item;
	*file = (int)(n - l->all);
	if (n->answer != TRUTHLOG_ITEM)
		*err = n->err;
	else if (!(item->time <= l->time))
		l->time = item->time;
	return n->answer;
}

const char *
logs_name(const struct logs *l, int file)
{
	return truthlog_name(l->all[file].log);
}

double
logs_time(const struct logs *l)
{
	return l->time;
}

int64_t
logs_lines(const struct logs *l)
{
	int64_t sum = 0;

	for (size_t i = 0; i < l->n; i++)
		sum += truthlog_lines(l->all[i].log);
	return sum;
}

size_t
logs_rest(const struct logs *l)
{
	size_t sum = 0;

	for (size_t i = 0; i < l->n; i++)
		sum += truthlog_rest(l->all[i].log);
	return sum;
}

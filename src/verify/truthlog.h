/* SPDX-License-Identifier: MIT */
/*
 * A ground-truth log as its producer writes it, the reference's format: a JSON line
 * for each stage, average, range event and reading, with the experiment and the
 * measurement that it is about in `spans`. Read forward in one buffer; the file may
 * be complete or growing. Lines about anything else are passed over; one that is no
 * JSON is named. What the producers write is scanned without a parser; JSON of
 * another layout with the same meaning is read by one. One thread.
 */
#ifndef VERIFY_TRUTHLOG_H
#define VERIFY_TRUTHLOG_H

#include "base/err.h"
#include "model/event.h"
#include "model/rule.h"

enum { TRUTHLOG_LINE_MAX = 1 << 20 }; /* bytes; a longer line is a bad one */

enum truthlog_kind { TRUTHLOG_STAGE, TRUTHLOG_AVERAGE, TRUTHLOG_RANGE, TRUTHLOG_READING };

/* Slices are good until the next call for the same log. */
struct truthlog_item {
	enum truthlog_kind kind;
	int64_t line;            /* in its file, from 1 */
	double time;             /* Unix seconds; NaN unreadable */
	struct slice experiment; /* never empty */
	struct slice measurement; /* but for STAGE never empty */
	enum event_kind stage;   /* STAGE: the event that stands for it in the topic */
	float value;             /* AVERAGE, READING */
	enum range_event event;  /* RANGE */
	struct slice sensor;     /* READING */
};

enum truthlog_answer {
	TRUTHLOG_ITEM,
	TRUTHLOG_BAD,  /* a line that cannot be read: item->line, and ERR says why */
	TRUTHLOG_END,  /* of what is there now */
	TRUTHLOG_FAILED
};

struct truthlog;

struct truthlog *truthlog_open(const char *file, struct err *err); /* NULL with a sentence */
void truthlog_close(struct truthlog *l);

/* The next item. With LAST a line without its end counts, as the file's last. */
enum truthlog_answer truthlog_next(struct truthlog *l, bool last, struct truthlog_item *item, struct err *err);

const char *truthlog_name(const struct truthlog *l);
int64_t truthlog_lines(const struct truthlog *l); /* read so far */
size_t truthlog_rest(const struct truthlog *l);   /* bytes of a line whose end is not there */

#endif

/* SPDX-License-Identifier: MIT */
#include "verify/verify.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

enum { WAITING_MOST = 20000, SEALED_KEPT = 256 };

/* What did not open before any did: with another key, or altered. */
struct sealed {
	char *experiment, *measurement, *sensor;
	const char *topic;
	int32_t partition;
	int64_t offset;
};

struct verify {
	struct logs *logs;
	struct claims *claims; /* NULL: hashes are not looked at */
	struct match *match;
	double topic_time;
	int64_t burst;
	struct sealed sealed[SEALED_KEPT];
	size_t n_sealed;
};

struct verify *
verify_new(const struct verify_config *config, struct err *err)
{
	struct verify *v = xcalloc(1, sizeof(*v));

	v->topic_time = NAN;
	v->burst = config->burst ? config->burst : INT64_MAX;
	v->logs = logs_open(config->logs, err);
	if (v->logs && config->secret_key)
		v->claims = claims_new(config->secret_key, err);
	v->match = match_new(&config->match);
	if (v->logs && (v->claims || !config->secret_key))
		return v;
	verify_free(v);
	return NULL;
}

static void
forget_sealed(struct verify *v)
{
	for (size_t i = 0; i < v->n_sealed; i++) {
		free(v->sealed[i].experiment);
		free(v->sealed[i].measurement);
		free(v->sealed[i].sensor);
	}
	v->n_sealed = 0;
}

void
verify_free(struct verify *v)
{
	if (!v)
		return;
	forget_sealed(v);
	match_free(v->match);
	claims_free(v->claims);
	logs_free(v->logs);
	free(v);
}

/* --- Hashes ---------------------------------------------------------------- */

static void
keep_sealed(struct verify *v, const struct event *e, const char *topic)
{
	if (v->n_sealed == SEALED_KEPT)
		return;
	v->sealed[v->n_sealed++] = (struct sealed){
		xstrndup(e->experiment.p, e->experiment.n), xstrndup(e->measurement.p, e->measurement.n),
		xstrndup(e->sensor.p, e->sensor.n), topic, e->partition, e->offset,
	};
}

/* One has opened, so the key is right: those before that did not were altered. */
static void
tell_sealed(struct verify *v)
{
	for (size_t i = 0; i < v->n_sealed; i++) {
		const struct sealed *s = &v->sealed[i];
		struct difference d = {
			.kind = DIFFERENCE_HASH_TAMPERED, .experiment = slice_str(s->experiment),
			.measurement = slice_str(s->measurement), .sensor = slice_str(s->sensor), .topic = s->topic,
			.partition = s->partition, .offset = s->offset,
		};

		err_set(&d.detail, "the hash was altered: others open with this key");
		match_differs(v->match, &d);
	}
	forget_sealed(v);
}

static void
tell_wrong_key(struct verify *v)
{
	struct difference d = {.kind = DIFFERENCE_WRONG_KEY, .partition = -1, .offset = -1};
	int64_t counts[CLAIM_ANSWERS];

	verify_hashes(v, counts);
	if (counts[CLAIM_WRONG_KEY] == 0)
		return;
	err_set(&d.detail, "none of %lld measurement_hash opens with this key: give the run's own with --secret-key",
		(long long)counts[CLAIM_WRONG_KEY]);
	match_differs(v->match, &d);
}

static const struct claim *
check_hash(struct verify *v, const struct event *e, const char *topic, struct claim *claim)
{
	if (!v->claims || e->kind != EVENT_MEASURED || !e->hash.p)
		return NULL;
	claims_check(v->claims, e, match_researcher(v->match, e->experiment), claim);
	if (claim->answer == CLAIM_WRONG_KEY)
		keep_sealed(v, e, topic);
	else if (claim->opened && v->n_sealed > 0)
		tell_sealed(v);
	return claim;
}

/* --- Both sides ------------------------------------------------------------ */

void
verify_event(struct verify *v, const struct event *e, const char *topic)
{
	double time = e->record_time >= 0 ? (double)e->record_time / 1000 : e->time;
	struct claim claim;

	if (!(time <= v->topic_time) && !isnan(time))
		v->topic_time = time;
	match_event(v->match, e, topic, check_hash(v, e, topic, &claim));
}

void
verify_undecodable(struct verify *v, const char *topic, int32_t partition, int64_t offset, const char *why)
{
	struct difference d = {
		.kind = DIFFERENCE_UNDECODABLE, .topic = topic, .partition = partition, .offset = offset,
	};

	err_set(&d.detail, "%s", why);
	match_differs(v->match, &d);
}

static void
report_bad_line(struct verify *v, const struct truthlog_item *item, int file, const char *why)
{
	struct difference d = {
		.kind = DIFFERENCE_LOG_LINE, .partition = -1, .offset = -1, .file = logs_name(v->logs, file),
		.line = item->line,
	};

	err_set(&d.detail, "%s", why);
	match_differs(v->match, &d);
}

/* Items up to UNTIL, or while too many records wait for theirs. */
static bool
read_until(struct verify *v, double until, bool last, struct err *err)
{
	enum truthlog_answer answer;
	struct truthlog_item item;
	int64_t end = v->burst < INT64_MAX ? logs_lines(v->logs) + v->burst : INT64_MAX;
	int file;

	while (end == INT64_MAX || logs_lines(v->logs) < end) {
		double limit = match_waiting(v->match) > WAITING_MOST ? INFINITY : until;

		answer = logs_next(v->logs, limit, last, &item, &file, err);
		if (answer == TRUTHLOG_BAD)
			report_bad_line(v, &item, file, err->text);
		else if (answer == TRUTHLOG_ITEM)
			match_log(v->match, &item, logs_name(v->logs, file));
		else
			return answer == TRUTHLOG_END;
	}
	return true;
}

bool
verify_read_logs(struct verify *v, bool all, struct err *err)
{
	if (all)
		match_topic_over(v->match);
	return read_until(v, all ? INFINITY : v->topic_time, false, err);
}

bool
verify_finish(struct verify *v, double taken, double read, struct err *err)
{
	if (!read_until(v, INFINITY, true, err))
		return false;
	match_finish(v->match, taken, read);
	tell_wrong_key(v);
	return true;
}

const struct match_totals *
verify_totals(const struct verify *v)
{
	return match_totals(v->match);
}

void
verify_hashes(const struct verify *v, int64_t counts[CLAIM_ANSWERS])
{
	for (int i = 0; i < CLAIM_ANSWERS; i++)
		counts[i] = 0;
	if (v->claims)
		claims_counts(v->claims, counts);
}

int64_t
verify_waiting(const struct verify *v)
{
	return match_waiting(v->match);
}

bool
verify_waits(const struct verify *v)
{
	return match_waiting(v->match) > 0 || logs_rest(v->logs) > 0;
}

int64_t
verify_lines(const struct verify *v)
{
	return logs_lines(v->logs);
}

double
verify_topic_time(const struct verify *v)
{
	return v->topic_time;
}

double
verify_log_time(const struct verify *v)
{
	return logs_time(v->logs);
}

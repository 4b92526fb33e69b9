/* SPDX-License-Identifier: MIT */
#include "load/truth.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "codec/shortest.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SECOND_US = 1000000, DAY_S = 86400, WRITE_AT = 64 << 10, KEEP_MAX = 1 << 20 };

enum module { SIMULATOR, EVENTS };

static const char *const targets[] = {
	[SIMULATOR] = "experiment_producer::simulator",
	[EVENTS] = "experiment_producer::events",
};

struct truth {
	char *folder, *file;
	struct truth_levels levels;
	int fd; /* -1: could not be opened */
	int64_t day;
	struct buf lines; /* not written yet */
	int64_t second;   /* of which `stamp` is the text up to it */
	char stamp[32], zone[8];
	struct buf spans;

	pthread_mutex_t lock; /* of what follows */
	int64_t lost;         /* lines; -1: none had to wait */
	struct err problem;
};

/* --- RUST_LOG -------------------------------------------------------------- */

static bool
parse_level(struct slice word, enum truth_level *level)
{
	static const char *const names[] = {"off", "error", "warn", "info", "debug", "trace"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (word.n == strlen(names[i]) && strncasecmp(word.p, names[i], word.n) == 0) {
			*level = (enum truth_level)i;
			return true;
		}
	return false;
}

/* The directive WORD, TARGET=LEVEL, TARGET or LEVEL, for what MODULE writes; how
 * many bytes of the module's name it says, -1 where it is about something else. */
static int
apply_directive(struct slice word, enum module module, enum truth_level *level)
{
	const char *equals = memchr(word.p, '=', word.n);
	struct slice target = {word.p, equals ? (size_t)(equals - word.p) : word.n};
	enum truth_level said = TRUTH_TRACE;

	if (!equals && parse_level(word, level))
		return 0;
	if (equals && !parse_level((struct slice){equals + 1, word.n - target.n - 1}, &said))
		return -1;
	if (target.n > strlen(targets[module]) || strncmp(targets[module], target.p, target.n) != 0)
		return -1;
	*level = said;
	return (int)target.n;
}

static enum truth_level
level_of(const char *text, enum module module)
{
	enum truth_level best = TRUTH_OFF, level;
	int exactness = -1, n;

	for (size_t len; *text; text += len + (text[len] == ',')) {
		len = strcspn(text, ",");
		n = apply_directive((struct slice){text, len}, module, &level);
		if (n >= exactness && n >= 0) {
			exactness = n;
			best = level;
		}
	}
	return best;
}

struct truth_levels
truth_levels_parse(const char *text)
{
	return (struct truth_levels){level_of(text, SIMULATOR), level_of(text, EVENTS)};
}

/* --- The file -------------------------------------------------------------- */

static bool
set_problem(struct truth *t, const char *what)
{
	pthread_mutex_lock(&t->lock);
	if (t->lost < 0)
		t->lost = 0;
	err_set(&t->problem, "cannot %s %s: %s", what, t->file, strerror(errno));
	pthread_mutex_unlock(&t->lock);
	return false;
}

static bool
open_day(struct truth *t, int64_t day)
{
	time_t seconds = (time_t)(day * DAY_S);
	struct tm tm;
	char date[16];

	gmtime_r(&seconds, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	free(t->file);
	t->file = xasprintf("%s/producer.json.log.%s", t->folder, date);
	if (t->fd >= 0)
		close(t->fd);
	t->day = day;
	t->fd = open(t->file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	return t->fd >= 0 || set_problem(t, "write");
}

/* Written bytes go; what is left may begin in the middle of a line, of which the disk took a part. */
static bool
write_lines(struct truth *t)
{
	size_t done = 0;
	ssize_t n = 0;

	while (done < t->lines.n && ((n = write(t->fd, t->lines.p + done, t->lines.n - done)) > 0 || errno == EINTR))
		done += n > 0 ? (size_t)n : 0;
	if (done > 0) {
		memmove(t->lines.p, t->lines.p + done, t->lines.n - done);
		t->lines.n -= done;
	}
	return t->lines.n == 0 || set_problem(t, "write");
}

void
truth_flush(struct truth *t)
{
	if (t->lines.n > 0 && (t->fd >= 0 || open_day(t, t->day)))
		write_lines(t);
}

int64_t
truth_problem(struct truth *t, struct err *err)
{
	int64_t lost;

	pthread_mutex_lock(&t->lock);
	lost = t->lost;
	if (lost >= 0)
		*err = t->problem;
	pthread_mutex_unlock(&t->lock);
	return lost;
}

struct truth *
truth_open(const char *folder, struct truth_levels levels, int64_t now, struct err *err)
{
	struct truth *t = xcalloc(1, sizeof(*t));

	t->folder = xstrdup(folder);
	t->levels = levels;
	t->fd = -1;
	t->second = INT64_MIN;
	t->lost = -1;
	pthread_mutex_init(&t->lock, NULL);
	if ((mkdir(folder, 0755) < 0 && errno != EEXIST)) {
		err_set(err, "cannot make the folder %s for the log: %s", folder, strerror(errno));
	} else if (open_day(t, now / SECOND_US / DAY_S)) {
		return t;
	} else {
		*err = t->problem;
	}
	truth_free(t);
	return NULL;
}

void
truth_free(struct truth *t)
{
	if (!t)
		return;
	truth_flush(t);
	if (t->fd >= 0)
		close(t->fd);
	pthread_mutex_destroy(&t->lock);
	buf_free(&t->lines);
	buf_free(&t->spans);
	free(t->folder);
	free(t->file);
	free(t);
}

/* --- Lines ----------------------------------------------------------------- */

/* The reference's time: local, with what that is ahead of UTC by the hour ("+02"). */
static void
set_stamp(struct truth *t, int64_t second)
{
	time_t seconds = (time_t)second;
	struct tm tm;
	long minutes;

	localtime_r(&seconds, &tm);
	strftime(t->stamp, sizeof(t->stamp), "%Y-%m-%dT%H:%M:%S", &tm);
	minutes = labs(tm.tm_gmtoff) / 60;
	snprintf(t->zone, sizeof(t->zone), "%c%02ld", tm.tm_gmtoff < 0 ? '-' : '+', minutes / 60 % 100);
	if (minutes % 60)
		snprintf(t->zone + 3, sizeof(t->zone) - 3, ":%02ld", minutes % 60);
	t->second = second;
}

/* Where the lines of the moment AT belong, and the text of its instant. */
static void
turn_to(struct truth *t, int64_t time)
{
	int64_t second = time / SECOND_US;

	if (second / DAY_S != t->day) {
		truth_flush(t);
		open_day(t, second / DAY_S);
	}
	if (second != t->second)
		set_stamp(t, second);
}

static void
begin_line(struct truth *t, int64_t time, const char *level)
{
	buf_addf(&t->lines, "{\"timestamp\":\"%s.%06d%s\",\"level\":\"%s\",\"fields\":{", t->stamp,
		 (int)(time % SECOND_US), t->zone, level);
}

static void
end_line(struct truth *t, enum module module)
{
	buf_addf(&t->lines, "},\"target\":\"%s\",", targets[module]);
	buf_add(&t->lines, t->spans.p, t->spans.n);
	buf_char(&t->lines, '\n');
}

static void
add_stage(struct truth *t, const struct experiment *e, const struct moment *at, const char *stage)
{
	const struct plan_entry *p = experiment_entry(e);
	int64_t stabilization = p->stabilization_samples * p->sample_ms;
	int64_t carry_out = p->carry_out_samples * p->sample_ms;

	begin_line(t, at->time, "INFO");
	buf_addf(&t->lines, "\"stage\":\"%s\"", stage);
	if (at->kind == EVENT_TERMINATED)
		buf_addf(&t->lines, ",\"elapsed\":\"%lld\",\"stabilization\":\"%lld\",\"carry_out\":\"%lld\"",
			 (long long)(stabilization + carry_out), (long long)stabilization, (long long)carry_out);
	end_line(t, SIMULATOR);
}

static void
add_number(struct truth *t, const char *name, float value)
{
	buf_addf(&t->lines, "\"%s\":", name);
	shortest_add(&t->lines, (double)value);
}

static void
add_average(struct truth *t, const struct moment *at)
{
	begin_line(t, at->time, "DEBUG");
	add_number(t, "avg_temperature", at->average);
	end_line(t, EVENTS);
	if (at->range == RANGE_NONE)
		return;
	begin_line(t, at->time, "DEBUG");
	buf_addf(&t->lines, "\"range_event\":\"%s\"", range_event_name(at->range));
	end_line(t, EVENTS);
}

static void
add_readings(struct truth *t, const struct experiment *e, const struct moment *at)
{
	for (int64_t i = 0; i < experiment_entry(e)->sensors; i++) {
		begin_line(t, at->time, "DEBUG");
		buf_addf(&t->lines, "\"sensor\":\"%s\",", experiment_sensor(e, (size_t)i));
		add_number(t, "temperature", at->readings[i]);
		end_line(t, SIMULATOR);
	}
}

/* Which experiment, and which sample of it. */
static void
set_spans(struct truth *t, const struct experiment *e, const struct moment *at)
{
	char outer[UUID_TEXT + 64], inner[UUID_TEXT + 64];

	snprintf(outer, sizeof(outer), "{\"experiment_id\":\"%s\",\"name\":\"experiment\"}", experiment_id(e));
	snprintf(inner, sizeof(inner), "{\"measurement_id\":\"%s\",\"name\":\"measurement\"}", at->measurement);
	buf_clear(&t->spans);
	if (at->kind == EVENT_MEASURED)
		buf_addf(&t->spans, "\"span\":%s,\"spans\":[%s,%s]}", inner, outer, inner);
	else
		buf_addf(&t->spans, "\"span\":%s,\"spans\":[%s]}", outer, outer);
}

/* The lines from START on do not fit: they are left out, and counted. */
static void
leave_out(struct truth *t, size_t start)
{
	pthread_mutex_lock(&t->lock);
	for (size_t i = start; i < t->lines.n; i++)
		t->lost += t->lines.p[i] == '\n';
	pthread_mutex_unlock(&t->lock);
	t->lines.n = start;
}

int64_t
truth_finish(struct truth *t, struct err *err)
{
	int64_t lost;

	truth_flush(t);
	leave_out(t, 0);
	lost = truth_problem(t, err);
	return lost < 0 ? 0 : lost;
}

void
truth_moment(struct truth *t, const struct experiment *e, const struct moment *at)
{
	static const char *const stages[EVENT_KINDS] = {
		[EVENT_CONFIGURED] = "configuration",
		[EVENT_STABILIZATION] = "stabilization",
		[EVENT_STARTED] = "carry out",
		[EVENT_TERMINATED] = "terminated",
	};
	size_t start;

	turn_to(t, at->time);
	set_spans(t, e, at);
	start = t->lines.n;
	if (at->kind != EVENT_MEASURED && t->levels.simulator >= TRUTH_INFO)
		add_stage(t, e, at, stages[at->kind]);
	if (at->kind == EVENT_MEASURED && t->levels.events >= TRUTH_DEBUG)
		add_average(t, at);
	if (at->kind == EVENT_MEASURED && t->levels.simulator >= TRUTH_DEBUG)
		add_readings(t, e, at);
	if (t->lines.n >= WRITE_AT)
		truth_flush(t);
	if (t->lines.n >= KEEP_MAX && start < t->lines.n)
		leave_out(t, start);
}

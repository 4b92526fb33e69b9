/* SPDX-License-Identifier: MIT */
#include "load/plan.h"

#include "base/alloc.h"
#include "base/text.h"
#include "conf/file.h"
#include "load/place.h"

#include <float.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 64 << 20, RESEARCHER_MAX = 256, NOTES_MAX = 1000, SENSORS_MAX = 10000000 };

enum field_type { WHOLE, REAL, TEXT, OBJECT };

/* What an entry may say; the order is that of the reference's files. */
static const struct field {
	const char *path; /* a dot: inside the object of that name */
	enum field_type type;
	bool required;
	double low, high, fallback;
	size_t at;
	const char *expected;
} fields[] = {
	{"start_time", REAL, true, 0, 1e9, 0, offsetof(struct plan_entry, start_time),
	 "the seconds from the start of the load, 0 or more"},
	{"researcher", TEXT, true, 1, RESEARCHER_MAX, 0, offsetof(struct plan_entry, researcher),
	 "a text of 1 to 256 bytes"},
	{"num_sensors", WHOLE, false, 1, 10000, 2, offsetof(struct plan_entry, sensors),
	 "a whole number from 1 to 10000"},
	{"sample_rate", WHOLE, false, 1, 86400000, 1000, offsetof(struct plan_entry, sample_ms),
	 "the whole milliseconds between two samples, from 1 to 86400000"},
	{"stabilization_samples", WHOLE, false, 0, 1e9, 2, offsetof(struct plan_entry, stabilization_samples),
	 "a whole number from 0 to 1000000000"},
	{"carry_out_samples", WHOLE, false, 0, 1e9, 20, offsetof(struct plan_entry, carry_out_samples),
	 "a whole number from 0 to 1000000000"},
	{"start_temperature", REAL, false, -1e6, 1e6, 0, offsetof(struct plan_entry, start_temperature),
	 "a temperature in Celsius"},
	{"temp_range", OBJECT, false, 0, 0, 0, 0, "an object with lower_threshold and upper_threshold"},
	{"temp_range.lower_threshold", REAL, false, -1e6, 1e6, 25.5, offsetof(struct plan_entry, lower),
	 "a temperature in Celsius"},
	{"temp_range.upper_threshold", REAL, false, -1e6, 1e6, 26.5, offsetof(struct plan_entry, upper),
	 "a temperature in Celsius"},
};

enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* One reading of a text: where complaints go. */
struct reading {
	struct slice text;
	const char *name;
	struct buf *notes;
	struct err *err;
	size_t errors, lines; /* also those above NOTES_MAX, which are counted only */
};

enum severity { WARNING, ERROR };

/* Finding one takes a walk through the text: not for what will not be said. */
static int
line_of(const struct reading *r, enum severity severity, size_t entry, const char *path)
{
	bool said = r->lines < NOTES_MAX || (severity == ERROR && r->errors == 0);

	return said ? place_line(r->text, entry, path) : 0;
}

/* TEXT may quote the file. */
static void
add_note(struct reading *r, enum severity severity, int line, const char *text)
{
	struct buf note = {0};

	buf_addf(&note, "%s:%d: ", r->name, line);
	text_clean(&note, slice_str(text));
	if (severity == ERROR && r->errors++ == 0)
		err_set(r->err, "%s", buf_cstr(&note));
	buf_char(&note, '\n');
	if (r->lines++ < NOTES_MAX)
		buf_add(r->notes, note.p, note.n);
	buf_free(&note);
}

static void complain(struct reading *r, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void
complain(struct reading *r, int line, const char *fmt, ...)
{
	struct buf what = {0};
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&what, fmt, ap);
	va_end(ap);
	add_note(r, ERROR, line, buf_cstr(&what));
	buf_free(&what);
}

/* A field whose value is not what it should be. */
static void
complain_field(struct reading *r, size_t entry, const struct field *f, const json_t *value)
{
	char *found = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
	int line = line_of(r, ERROR, entry, f->path);

	if (found)
		complain(r, line, "entry %zu: %s: expected %s, not %.60s", entry + 1, f->path, f->expected, found);
	else
		complain(r, line, "entry %zu: %s is missing: expected %s", entry + 1, f->path, f->expected);
	free(found);
}

static bool
field_fits(const struct field *f, const json_t *value)
{
	double number = json_number_value(value);

	switch (f->type) {
	case WHOLE:
		return json_is_integer(value) && number >= f->low && number <= f->high;
	case REAL:
		return json_is_number(value) && number >= f->low && number <= f->high;
	case TEXT:
		return json_is_string(value) && (double)json_string_length(value) >= f->low &&
		       (double)json_string_length(value) <= f->high &&
		       strlen(json_string_value(value)) == json_string_length(value);
	case OBJECT:
		return json_is_object(value);
	}
	return false;
}

static void
field_store(const struct field *f, struct plan_entry *e, const json_t *value)
{
	void *at = (char *)e + f->at;

	if (f->type == WHOLE)
		*(int64_t *)at = value ? json_integer_value(value) : (int64_t)f->fallback;
	else if (f->type == REAL)
		*(double *)at = value ? json_number_value(value) : f->fallback;
	else if (f->type == TEXT)
		*(char **)at = xstrdup(json_string_value(value));
}

static const json_t *
field_find(const struct field *f, const json_t *entry)
{
	const char *dot = strchr(f->path, '.');
	char outer[32];

	if (!dot)
		return json_object_get(entry, f->path);
	snprintf(outer, sizeof(outer), "%.*s", (int)(dot - f->path), f->path);
	return json_object_get(json_object_get(entry, outer), dot + 1);
}

static bool
path_is_known(const char *path)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (strcmp(fields[i].path, path) == 0)
			return true;
	return false;
}

/* A misspelt field is silently a default: say so. */
static void
warn_unknown(struct reading *r, size_t entry, const char *prefix, const json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		char *path = xasprintf("%s%s", prefix, key);
		char *note = xasprintf("warning: entry %zu: %s is no field of an experiment", entry + 1, path);

		if (!path_is_known(path))
			add_note(r, WARNING, line_of(r, WARNING, entry, path), note);
		free(note);
		free(path);
	}
}

static void
entry_read(struct reading *r, struct plan_entry *e, size_t no, const json_t *entry)
{
	size_t before = r->errors;

	if (!json_is_object(entry)) {
		complain(r, line_of(r, ERROR, no, NULL), "entry %zu: expected an object, an experiment", no + 1);
		return;
	}
	warn_unknown(r, no, "", entry);
	warn_unknown(r, no, "temp_range.", json_object_get(entry, "temp_range"));
	for (size_t i = 0; i < FIELDS; i++) {
		const json_t *value = field_find(&fields[i], entry);

		if (value ? !field_fits(&fields[i], value) : fields[i].required)
			complain_field(r, no, &fields[i], value);
		else
			field_store(&fields[i], e, value);
	}
	if (r->errors == before && !(e->lower < e->upper))
		complain(r, line_of(r, ERROR, no, "temp_range"),
			 "entry %zu: temp_range: lower_threshold (%g) must be below upper_threshold (%g)", no + 1,
			 e->lower, e->upper);
}

/* Each sensor takes memory while its experiment runs, and all may run at once. */
static void
check_sensors(struct reading *r, const struct plan *plan)
{
	int64_t sum = 0;

	for (size_t i = 0; i < plan->n; i++) {
		sum += plan->entries[i].sensors;
		if (sum <= SENSORS_MAX)
			continue;
		complain(r, line_of(r, ERROR, i, "num_sensors"), "entry %zu: with its num_sensors the experiments have "
			 "more than %d sensors together", i + 1, SENSORS_MAX);
		return;
	}
}

bool
plan_parse(struct plan *plan, struct slice text, const char *name, struct buf *notes, struct err *err)
{
	struct reading r = {text, name, notes, err, 0, 0};
	json_error_t syntax;
	json_t *root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &syntax);

	if (!root)
		complain(&r, syntax.line < 1 ? 1 : syntax.line, "%s", syntax.text);
	else if (!json_is_array(root) || json_array_size(root) == 0)
		complain(&r, 1, "expected an array of experiments, at least one");
	else
		plan->n = json_array_size(root);
	plan->entries = xcalloc(plan->n + 1, sizeof(*plan->entries));
	for (size_t i = 0; i < plan->n; i++)
		entry_read(&r, &plan->entries[i], i, json_array_get(root, i));
	if (r.errors == 0)
		check_sensors(&r, plan);
	if (r.lines > NOTES_MAX)
		buf_addf(notes, "%s: and %zu more like these\n", name, r.lines - NOTES_MAX);
	json_decref(root);
	return r.errors == 0;
}

bool
plan_read(struct plan *plan, const char *file, struct buf *notes, struct err *err)
{
	struct buf text = {0};
	bool ok = file_read(&text, file, FILE_MAX, err) &&
		  plan_parse(plan, (struct slice){buf_cstr(&text), text.n}, file, notes, err);

	buf_free(&text);
	return ok;
}

bool
plan_one(struct plan *plan, const struct plan_entry *entry, struct err *err)
{
	if (!(entry->lower < entry->upper))
		return err_set(err, "--lower-threshold (%g) must be below --upper-threshold (%g)", entry->lower,
			       entry->upper);
	plan->entries = xmemdup(entry, sizeof(*entry));
	plan->entries->researcher = xstrdup(entry->researcher);
	plan->n = 1;
	return true;
}

void
plan_fini(struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		free(plan->entries[i].researcher);
	free(plan->entries);
	*plan = (struct plan){0};
}

double
plan_entry_rate(const struct plan_entry *e)
{
	return (double)e->sensors * 1000 / (double)e->sample_ms;
}

double
plan_entry_duration(const struct plan_entry *e)
{
	return (double)(e->stabilization_samples + e->carry_out_samples) * (double)e->sample_ms / 1000;
}

double
plan_duration(const struct plan *plan)
{
	double last = 0;

	for (size_t i = 0; i < plan->n; i++) {
		double end = plan->entries[i].start_time + plan_entry_duration(&plan->entries[i]);

		last = end > last ? end : last;
	}
	return last;
}

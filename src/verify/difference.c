/* SPDX-License-Identifier: MIT */
#include "verify/difference.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

const char *
difference_name(enum difference_kind kind)
{
	static const char *const names[DIFFERENCES] = {
		[DIFFERENCE_NOT_IN_TOPIC] = "not-in-topic",
		[DIFFERENCE_NOT_IN_LOG] = "not-in-log",
		[DIFFERENCE_LOST] = "lost",
		[DIFFERENCE_UNLOGGED] = "unlogged",
		[DIFFERENCE_DUPLICATED] = "duplicated",
		[DIFFERENCE_REORDERED] = "reordered",
		[DIFFERENCE_MOVED] = "moved",
		[DIFFERENCE_VALUE] = "value",
		[DIFFERENCE_AVERAGE] = "average",
		[DIFFERENCE_RANGE_MISSED] = "range-missed",
		[DIFFERENCE_RANGE_INVENTED] = "range-invented",
		[DIFFERENCE_HASH_TAMPERED] = "hash-tampered",
		[DIFFERENCE_HASH_MALFORMED] = "hash-malformed",
		[DIFFERENCE_WRONG_KEY] = "wrong-key",
		[DIFFERENCE_UNDECODABLE] = "undecodable",
		[DIFFERENCE_LOG_LINE] = "log-line",
		[DIFFERENCE_UNCOMPARED] = "uncompared",
	};

	return names[kind];
}

static void
add_part(struct buf *out, bool *any, const char *name, struct slice text)
{
	if (!text.p)
		return;
	buf_addf(out, "%s%s ", *any ? ", " : " ", name);
	buf_slice(out, text);
	*any = true;
}

static void
add_place(struct buf *out, const struct difference *d)
{
	bool record = d->topic && d->partition >= 0;

	if (!record && !d->file)
		return;
	buf_str(out, " (");
	if (record)
		buf_addf(out, "%s[%" PRId32 "]", d->topic, d->partition);
	if (record && d->offset >= 0)
		buf_addf(out, "@%" PRId64, d->offset);
	if (record && d->file)
		buf_str(out, ", ");
	if (d->file)
		buf_str(out, d->file);
	if (d->file && d->line > 0)
		buf_addf(out, ":%" PRId64, d->line);
	buf_char(out, ')');
}

void
difference_text(struct buf *out, const struct difference *d)
{
	bool any = false;
	size_t begin;

	buf_addf(out, "%s:", difference_name(d->kind));
	begin = out->n;
	add_part(out, &any, "experiment", d->experiment);
	add_part(out, &any, "measurement", d->measurement);
	add_part(out, &any, "sensor", d->sensor);
	add_part(out, &any, "record", slice_str(d->record));
	add_place(out, d);
	if (d->detail.text[0])
		buf_addf(out, "%s %s", out->n > begin ? ":" : "", d->detail.text);
}

/* Foreign bytes that are no UTF-8 show as U+FFFD each. */
static json_t *
json_of(struct slice text)
{
	json_t *value = text.p ? json_stringn(text.p, text.n) : json_null();
	struct buf clean = {0};

	if (value)
		return value;
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x80)
			buf_char(&clean, text.p[i]);
		else
			buf_str(&clean, "\xef\xbf\xbd");
	value = json_stringn(clean.p, clean.n);
	buf_free(&clean);
	return value;
}

static json_t *
json_number(int64_t value, int64_t least)
{
	return value >= least ? json_integer(value) : json_null();
}

void
difference_json(struct buf *out, const struct difference *d)
{
	json_t *json = json_object();
	char *text;

	json_object_set_new(json, "difference", json_string(difference_name(d->kind)));
	json_object_set_new(json, "experiment", json_of(d->experiment));
	json_object_set_new(json, "measurement", json_of(d->measurement));
	json_object_set_new(json, "sensor", json_of(d->sensor));
	json_object_set_new(json, "record", json_of(slice_str(d->record)));
	json_object_set_new(json, "topic", json_of(slice_str(d->topic)));
	json_object_set_new(json, "partition", json_number(d->topic ? d->partition : -1, 0));
	json_object_set_new(json, "offset", json_number(d->topic ? d->offset : -1, 0));
	json_object_set_new(json, "file", json_of(slice_str(d->file)));
	json_object_set_new(json, "line", json_number(d->line, 1));
	json_object_set_new(json, "detail", json_of(slice_str(d->detail.text)));
	text = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);
	buf_str(out, text);
	free(text);
	json_decref(json);
}

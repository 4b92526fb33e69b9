/* SPDX-License-Identifier: MIT */
/*
 * A line of a ground-truth log. What the scanner takes a parser of JSON takes, too, if it
 * is JSON, and it means the same: that is asked of each line, so a shortcut that reads
 * something else than stands there is found.
 */
#include "../../src/verify/truthlog.c"

#include "fuzz.h"

#include <assert.h>

static void
assert_same(const struct truthlog_item *a, const struct truthlog_item *b)
{
	assert(a->kind == b->kind && slice_eq(a->experiment, b->experiment));
	assert(slice_eq(a->measurement, b->measurement));
	assert(a->time == b->time || (isnan(a->time) && isnan(b->time)));
	if (a->kind == TRUTHLOG_AVERAGE || a->kind == TRUTHLOG_READING)
		assert(a->value == b->value || (isnan(a->value) && isnan(b->value)));
	if (a->kind == TRUTHLOG_READING)
		assert(slice_eq(a->sensor, b->sensor));
	if (a->kind == TRUTHLOG_RANGE)
		assert(a->event == b->event);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice line = {(const char *)data, size};
	struct truthlog_item scanned = {0}, read = {0};
	json_t *json = json_loadb(line.p ? line.p : "", line.n, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);

	if (size > 0 && scan_line(line, &scanned) && json_is_object(json) && read_json(json, &read) == TRUTHLOG_ITEM)
		assert_same(&scanned, &read);
	json_decref(json);
	json = NULL;
	if (size > 0)
		parse(line, &read, &json, &(struct err){0});
	json_decref(json);
	return 0;
}

/* SPDX-License-Identifier: MIT */
#include "reference.h"

#include "base/alloc.h"
#include "base/base64.h"
#include "unit.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

char *
reference_path(const char *path)
{
	const char *srcdir = getenv("srcdir");

	return xasprintf("%s/%s", srcdir ? srcdir : ".", path);
}

struct buf
reference_file(const char *path)
{
	char *full = reference_path(path);
	FILE *f = fopen(full, "rb");
	struct buf all = {0};
	size_t n;

	if (!f)
		fail_msg("cannot open %s", full);
	while ((n = fread(buf_reserve(&all, 4096), 1, 4096, f)) > 0)
		all.n += n;
	fclose(f);
	free(full);
	return all;
}

static void
parse_message(struct reference_message *m, const char *line, size_t n)
{
	json_t *json = json_loadb(line, n, 0, NULL);
	const char *name, *value;

	assert_int_equal(json_unpack(json, "{s:{s:s},s:s}", "h", "record_name", &name, "v", &value), 0);
	snprintf(m->name, sizeof(m->name), "%s", name);
	assert_true(base64_decode(&m->value, slice_str(value)));
	json_decref(json);
}

struct reference_message *
reference_load(void)
{
	struct reference_message *messages = xcalloc(REFERENCE_MESSAGES, sizeof(*messages));
	struct buf file = reference_file("tests/data/reference-run/messages.jsonl");
	const char *line = buf_cstr(&file);

	for (int i = 0; i < REFERENCE_MESSAGES; i++) {
		size_t n = strcspn(line, "\n");

		parse_message(&messages[i], line, n);
		line += n + 1;
	}
	assert_int_equal(*line, '\0');
	buf_free(&file);
	return messages;
}

void
reference_free(struct reference_message *messages)
{
	for (int i = 0; i < REFERENCE_MESSAGES; i++)
		buf_free(&messages[i].value);
	free(messages);
}

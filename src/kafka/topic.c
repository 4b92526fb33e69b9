/* SPDX-License-Identifier: MIT */
#include "kafka/topic.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
topic_valid(const char *name, struct err *err)
{
	size_t n = strlen(name);

	if (n == 0)
		return err_set(err, "a topic needs a name");
	if (n > TOPIC_NAME_MAX)
		return err_set(err, "topic %.20s..: a name has at most %d characters", name, TOPIC_NAME_MAX);
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("._-", name[i]))
			return err_set(err, "topic %s: a name has letters, digits, dots, dashes and underscores", name);
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return err_set(err, "topic %s: Kafka keeps that name for itself", name);
	return true;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to add, drop or change to make A of B, case aside. ROW has room for strlen(B) + 1. */
static size_t
distance(const char *a, const char *b, size_t *row)
{
	size_t m = strlen(b);

	for (size_t j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
			size_t changed = diagonal + !same;

			diagonal = row[j];
			row[j] = least(changed, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[m];
}

const char *
topic_nearest(const char *name, const char *const *names, size_t n)
{
	size_t limit = strlen(name) / 3 + 1, row[TOPIC_NAME_MAX + 1], d;
	const char *nearest = NULL;

	for (size_t i = 0; i < n; i++) {
		if (strlen(names[i]) > TOPIC_NAME_MAX)
			continue;
		d = distance(name, names[i], row);
		if (d <= limit) {
			nearest = names[i];
			limit = d ? d - 1 : 0;
			if (d == 0)
				break;
		}
	}
	return nearest;
}

static void
add_run(struct buf *text, int32_t first, int32_t last, bool more)
{
	if (more)
		buf_char(text, ',');
	if (first == last)
		buf_addf(text, "%d", first);
	else
		buf_addf(text, "%d..%d", first, last);
}

/* One topic's runs from LIST on; how many entries they took. */
static size_t
add_topic(struct buf *text, const struct topic_partition *list, size_t n)
{
	size_t same = 1, i = 0, start;

	while (same < n && strcmp(list[same].topic, list->topic) == 0)
		same++;
	buf_addf(text, "%s[", list->topic);
	while (i < same) {
		start = i++;
		while (i < same && list[i].partition == list[i - 1].partition + 1)
			i++;
		add_run(text, list[start].partition, list[i - 1].partition, start > 0);
	}
	buf_char(text, ']');
	return i;
}

void
topic_ranges(const struct topic_partition *list, size_t n, char *out, size_t size)
{
	struct buf text = {0};

	for (size_t i = 0; i < n && text.n < size; ) {
		if (i)
			buf_char(&text, ' ');
		i += add_topic(&text, &list[i], n - i);
	}
	if (text.n < size)
		snprintf(out, size, "%s", buf_cstr(&text));
	else
		snprintf(out, size, "%.*s..", (int)size - 3, buf_cstr(&text));
	buf_free(&text);
}

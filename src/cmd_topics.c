/* SPDX-License-Identifier: MIT */
#include "inquire.h"
#include "base/text.h"
#include "base/units.h"
#include "cmd.h"
#include "kafka/topic.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* The spots of topic NO stand together: the first of them, and how many. */
static const struct inquiry_spot *
spots_of(const struct inquiry *q, size_t no, size_t *n)
{
	size_t first = 0, last;

	while (first < q->n_spots && q->spots[first].topic_no != (int)no)
		first++;
	for (last = first; last < q->n_spots && q->spots[last].topic_no == (int)no; last++)
		;
	*n = last - first;
	return &q->spots[first];
}

/* Offsets from low to end; -1 when a mark is not known. Records are no more than that: control records and what
 * compaction removed have offsets, too. */
static int64_t
offsets_of(const struct inquiry *q, size_t no)
{
	size_t n;
	const struct inquiry_spot *s = spots_of(q, no, &n);
	int64_t offsets = q->topics[no].partitions < 0 ? -1 : 0;

	for (size_t i = 0; i < n && offsets >= 0; i++)
		offsets = s[i].low < 0 || s[i].end < 0 ? -1 : offsets + s[i].end - s[i].low;
	return offsets;
}

static void
print_text(const struct inquiry *q)
{
	char partitions[UNITS_TEXT], offsets[UNITS_TEXT];
	struct buf line = {0};

	printf("%10s %14s  topic\n", "partitions", "offsets");
	for (size_t i = 0; i < q->n_topics; i++) {
		buf_clear(&line);
		text_clean(&line, slice_str(q->topics[i].name));
		if (q->topics[i].problem.text[0]) {
			buf_str(&line, "  ");
			text_clean(&line, slice_str(q->topics[i].problem.text));
		}
		printf("%10s %14s  %s\n", units_count(partitions, q->topics[i].partitions),
		       units_count(offsets, offsets_of(q, i)), buf_cstr(&line));
	}
	buf_free(&line);
}

static json_t *
number_or_null(int64_t n)
{
	return n < 0 ? json_null() : json_integer(n);
}

static json_t *
topic_json(const struct inquiry *q, size_t no)
{
	const struct inquiry_topic *t = &q->topics[no];
	json_t *list = json_array();
	size_t n;
	const struct inquiry_spot *s = spots_of(q, no, &n);

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:i s:o s:o}", "partition", (int)s[i].partition, "low",
						      number_or_null(s[i].low), "end", number_or_null(s[i].end)));
	return json_pack("{s:s s:o s:o s:o s:s*}", "topic", t->name, "partitions", number_or_null(t->partitions),
			 "total_offsets", number_or_null(offsets_of(q, no)), "offsets", list, "problem",
			 t->problem.text[0] ? t->problem.text : NULL);
}

static void
print_json(const struct inquiry *q)
{
	json_t *list = json_array();

	for (size_t i = 0; i < q->n_topics; i++)
		json_array_append_new(list, topic_json(q, i));
	json_dumpf(list, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(list);
}

static int
list_topics(const struct options *o, struct inquirer *a, struct err *err)
{
	struct inquiry *q = inquirer_ok(a, inquiry_new(INQUIRY_CATALOG, NULL, NULL), err);

	if (!q)
		return EXIT_FAILED;
	if (options_flag(o, OPT_JSON))
		print_json(q);
	else if (q->n_topics)
		print_text(q);
	else
		puts("no topic is there that you may see: exptop topics create NAME makes one");
	inquiry_free(q);
	return EXIT_DONE;
}

bool
cmd_create_topic(const struct options *o, struct inquirer *a, const char *name, struct err *err)
{
	struct inquiry *q = inquiry_new(INQUIRY_CREATE, NULL, NULL);

	inquiry_add_topic(q, name);
	q->topics[0].partitions = (int32_t)options_integer(o, OPT_PARTITIONS);
	q->replication = (int)options_integer(o, OPT_REPLICATION);
	q = inquirer_ok(a, q, err);
	if (!q)
		return false;
	if (!options_flag(o, OPT_QUIET))
		fprintf(stderr, "created topic %s with %d partition%s\n", name, (int)q->topics[0].partitions,
			q->topics[0].partitions == 1 ? "" : "s");
	inquiry_free(q);
	return true;
}

/* "topics" lists, "topics create NAME" creates. */
static bool
check_words(const struct options *o, const char **name, struct err *err)
{
	const struct strings *words = options_words(o);

	*name = NULL;
	if (words->n == 0)
		return true;
	if (strcmp(words->item[0], "create") != 0)
		return err_set(err, "topics %s: topics alone lists them, topics create NAME makes one", words->item[0]);
	if (words->n != 2)
		return err_set(err, "topics create takes one name, as in exptop topics create client58 --partitions "
			       "16");
	if (options_flag(o, OPT_READ_ONLY))
		return err_set(err, "--read-only: topic %s is not created", words->item[1]);
	*name = words->item[1];
	return topic_valid(*name, err);
}

int
cmd_topics(const struct options *o)
{
	struct err err = {0};
	const char *name;
	struct cluster *cluster = check_words(o, &name, &err) ? cmd_cluster(o, &err) : NULL;
	struct inquirer *a = cluster ? cmd_ask(cluster, o, &err) : NULL;
	int status = EXIT_USAGE;

	if (a)
		status = !name ? list_topics(o, a, &err) : cmd_create_topic(o, a, name, &err) ? EXIT_DONE : EXIT_FAILED;
	if (err.text[0])
		cmd_complain(err.text);
	if (!inquirer_free(a))
		cmd_end(status);
	cluster_free(cluster);
	return status;
}

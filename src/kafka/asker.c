/* SPDX-License-Identifier: MIT */
#include "kafka/asker_inside.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/thread.h"
#include "kafka/fault.h"
#include "kafka/handle.h"
#include "kafka/http_server.h"
#include "kafka/topic.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ANEW_MS = 10000,   /* waited in vain for so long, a client begins anew */
	KNOCK_MS = 300,    /* between two looks at what the client complains of .. */
	BELIEVE_MS = 600,  /* .. which is the reason from then on: one broker of many may be slow */
	SUSPECT_MS = 900   /* without a complaint: is there a broker at all? */
};

static void
note_error(rd_kafka_t *rk, int code, const char *text, void *opaque)
{
	struct asker *a = opaque;
	const struct fault_context context = {.brokers = a->brokers, .was_up = a->was_up};
	struct err said;

	(void)rk;
	if (code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && fault_explain(code, text, &context, &said) == FAULT_TRY_ON)
		a->last = said;
}

void
asker_begin(struct asker *a)
{
	if (a->reached)
		a->last.text[0] = '\0';
	rd_kafka_poll(a->rk, 0);
}

/* True when CODE is no error; otherwise the best reason known goes into Q. */
bool
asker_end(struct asker *a, struct inquiry *q, int code, const char *text)
{
	const struct fault_context context = {
		.brokers = a->brokers, .group = q->group, .was_up = a->was_up,
		.topic = q->n_topics == 1 ? q->topics[0].name : NULL,
	};
	bool vague = code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT;

	a->unanswered = vague;
	if (!code) {
		a->was_up = true;
		return true;
	}
	rd_kafka_poll(a->rk, 0);
	if (vague && a->last.text[0])
		q->err = a->last;
	else
		fault_explain(vague ? RD_KAFKA_RESP_ERR__TIMED_OUT : code, text, &context, &q->err);
	return false;
}

static bool
metadata(struct asker *a, struct inquiry *q, rd_kafka_topic_t *rkt, const struct rd_kafka_metadata **out)
{
	asker_begin(a);
	return asker_end(a, q, rd_kafka_metadata(a->rk, rkt == NULL, rkt, out, a->patience_ms), NULL);
}

/* The embedded broker makes every topic that is asked for by its name. */
bool
asker_embedded(struct asker *a)
{
	char *id = rd_kafka_clusterid(a->rk, a->patience_ms);
	bool embedded = id && strncmp(id, "mockCluster", strlen("mockCluster")) == 0;

	if (id)
		rd_kafka_mem_free(a->rk, id);
	return embedded;
}

/* Fill TOPIC from MD when it is there. */
static bool
take_topic(struct inquiry_topic *topic, const struct rd_kafka_metadata *md, int *code)
{
	for (int i = 0; i < md->topic_cnt; i++) {
		if (strcmp(md->topics[i].topic, topic->name) != 0)
			continue;
		*code = md->topics[i].err;
		if (!*code)
			topic->partitions = md->topics[i].partition_cnt;
		return true;
	}
	return false;
}

/* A list of all topics leaves out those we may not see; asked for by name they say so. */
static bool
ask_by_name(struct asker *a, struct inquiry *q, struct inquiry_topic *topic, int *code)
{
	rd_kafka_topic_t *rkt = rd_kafka_topic_new(a->rk, topic->name, NULL);
	const struct rd_kafka_metadata *md;
	bool answered = rkt && metadata(a, q, rkt, &md);

	if (answered) {
		take_topic(topic, md, code);
		rd_kafka_metadata_destroy(md);
	}
	if (rkt)
		rd_kafka_topic_destroy(rkt);
	return answered;
}

static void
explain_missing(struct asker *a, struct inquiry_topic *topic, const struct rd_kafka_metadata *all, int code)
{
	struct fault_context context = {.brokers = a->brokers, .topic = topic->name, .was_up = true};
	const char **names = xcalloc((size_t)all->topic_cnt + 1, sizeof(*names));

	for (int i = 0; i < all->topic_cnt; i++)
		names[i] = all->topics[i].topic;
	context.nearest = topic_nearest(topic->name, names, (size_t)all->topic_cnt);
	topic->missing = code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
	fault_explain(code, NULL, &context, &topic->problem);
	free(names);
}

static bool
ask_topic(struct asker *a, struct inquiry *q, struct inquiry_topic *topic, const struct rd_kafka_metadata *all)
{
	int code = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;

	if (!take_topic(topic, all, &code) && !q->embedded && !ask_by_name(a, q, topic, &code))
		return false;
	if (code)
		explain_missing(a, topic, all, code);
	return true;
}

bool
asker_topic_there(struct asker *a, struct inquiry *q)
{
	const struct rd_kafka_metadata *all;
	int code = 0;
	bool good;

	if (!asker_embedded(a))
		good = ask_by_name(a, q, &q->topics[0], &code);
	else {
		code = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
		good = metadata(a, q, NULL, &all);
		if (good) {
			take_topic(&q->topics[0], all, &code);
			rd_kafka_metadata_destroy(all);
		}
	}
	q->topics[0].missing = good && code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
	return good && asker_end(a, q, code, NULL);
}

/* Topics that are known are asked for by their names: a list of all may be long. True when all are there. */
static bool
ask_known(struct asker *a, struct inquiry *q)
{
	bool good = q->n_topics > 0;

	for (size_t i = 0; i < q->n_topics; i++)
		good = good && q->topics[i].partitions > 0;
	if (!good)
		return false;
	q->embedded = asker_embedded(a);
	for (size_t i = 0; i < q->n_topics && good && !q->embedded; i++) {
		int code = 0;

		good = ask_by_name(a, q, &q->topics[i], &code) && !code;
	}
	return good && !q->embedded;
}

static bool
ask_topics(struct asker *a, struct inquiry *q)
{
	const struct rd_kafka_metadata *all;
	bool good = true;

	if (ask_known(a, q))
		return true;
	q->err.text[0] = '\0';
	if (!metadata(a, q, NULL, &all))
		return false;
	q->embedded = asker_embedded(a);
	for (size_t i = 0; i < q->n_topics && good; i++)
		good = ask_topic(a, q, &q->topics[i], all);
	rd_kafka_metadata_destroy(all);
	return good;
}

rd_kafka_topic_partition_list_t *
asker_spot_list(const struct inquiry *q, int64_t offset)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)q->n_spots);

	for (size_t i = 0; i < q->n_spots; i++)
		rd_kafka_topic_partition_list_add(list, q->topics[q->spots[i].topic_no].name, q->spots[i].partition)
			->offset = offset;
	return list;
}

/* Ask for the offset at TIME (or one of the logical two) of each spot. One list
 * a mark: a list with both answers wrong, without an error. */
static bool
ask_offsets(struct asker *a, struct inquiry *q, int64_t when, size_t member_offset)
{
	rd_kafka_topic_partition_list_t *list = asker_spot_list(q, when);
	bool good;

	asker_begin(a);
	good = asker_end(a, q, rd_kafka_offsets_for_times(a->rk, list, a->patience_ms), NULL);
	for (int i = 0; i < list->cnt; i++)
		if (!list->elems[i].err && list->elems[i].offset >= 0)
			*(int64_t *)((char *)&q->spots[i] + member_offset) = list->elems[i].offset;
	rd_kafka_topic_partition_list_destroy(list);
	return good;
}

bool
asker_ends(struct asker *a, struct inquiry *q, const bool *topics)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)q->n_spots);
	bool good;

	for (size_t i = 0; i < q->n_spots; i++)
		if (topics[q->spots[i].topic_no])
			rd_kafka_topic_partition_list_add(list, q->topics[q->spots[i].topic_no].name,
							  q->spots[i].partition)->offset = RD_KAFKA_OFFSET_END;
	asker_begin(a);
	good = asker_end(a, q, rd_kafka_offsets_for_times(a->rk, list, a->patience_ms), NULL);
	for (size_t i = 0, at = 0; i < q->n_spots; i++) {
		const rd_kafka_topic_partition_t *end;

		if (!topics[q->spots[i].topic_no])
			continue;
		end = &list->elems[at++];
		q->spots[i].end = end->err || end->offset < 0 ? -1 : end->offset;
	}
	rd_kafka_topic_partition_list_destroy(list);
	return good;
}

bool
asker_marks(struct asker *a, struct inquiry *q)
{
	return q->n_spots == 0 || (ask_offsets(a, q, RD_KAFKA_OFFSET_BEGINNING, offsetof(struct inquiry_spot, low)) &&
				   ask_offsets(a, q, RD_KAFKA_OFFSET_END, offsetof(struct inquiry_spot, end)));
}

static int
compare_names(const void *a, const void *b)
{
	const struct rd_kafka_metadata_topic *x = a, *y = b;

	return strcmp(x->topic, y->topic);
}

/* A topic that cannot be read keeps its place in the list, and says why. */
static void
take_listed(struct asker *a, struct inquiry *q, const struct rd_kafka_metadata_topic *listed)
{
	const struct fault_context context = {.brokers = a->brokers, .topic = listed->topic, .was_up = true};
	int no = inquiry_add_topic(q, listed->topic);

	if (listed->err) {
		fault_explain(listed->err, NULL, &context, &q->topics[no].problem);
		return;
	}
	q->topics[no].partitions = listed->partition_cnt;
	for (int i = 0; i < listed->partition_cnt; i++)
		inquiry_add_spot(q, no, listed->partitions[i].id);
}

static bool
ask_catalog(struct asker *a, struct inquiry *q)
{
	const struct rd_kafka_metadata *all;

	inquiry_forget_topics(q); /* of an answer that came half */
	if (!metadata(a, q, NULL, &all))
		return false;
	q->embedded = asker_embedded(a);
	qsort(all->topics, (size_t)all->topic_cnt, sizeof(*all->topics), compare_names);
	for (int i = 0; i < all->topic_cnt; i++)
		if (strncmp(all->topics[i].topic, "__", 2) != 0)
			take_listed(a, q, &all->topics[i]);
	rd_kafka_metadata_destroy(all);
	inquiry_sort(q);
	return asker_marks(a, q);
}

static bool
any_at(const struct inquiry *q)
{
	for (size_t i = 0; i < q->n_spots; i++)
		if (q->spots[i].at >= 0)
			return true;
	return false;
}

static bool
any_record(const struct inquiry *q)
{
	for (size_t i = 0; i < q->n_spots; i++)
		if (q->spots[i].end > q->spots[i].low)
			return true;
	return false;
}

/* A broker that finds no record at Q's time although there are records may have
 * none that late, or may not know times at all: then it finds none since 1970. */
static bool
ask_times(struct asker *a, struct inquiry *q)
{
	if (!ask_offsets(a, q, q->time, offsetof(struct inquiry_spot, at)))
		return false;
	q->times = any_at(q) || !any_record(q);
	if (q->times)
		return true;
	if (!ask_offsets(a, q, 0, offsetof(struct inquiry_spot, at)))
		return false;
	q->times = any_at(q);
	for (size_t i = 0; i < q->n_spots; i++)
		q->spots[i].at = -1;
	return true;
}

/* Every answer about topics has told it; the library remembers. */
static void
take_cluster(struct asker *a, struct inquiry *q)
{
	char *id = rd_kafka_clusterid(a->rk, 0);

	snprintf(q->cluster, sizeof(q->cluster), "%s", id ? id : "");
	if (id)
		rd_kafka_mem_free(a->rk, id);
}

static bool
ask_places(struct asker *a, struct inquiry *q)
{
	bool ok = (!q->group || asker_committed(a, q)) && asker_marks(a, q) && (q->time < 0 || ask_times(a, q));

	take_cluster(a, q);
	return ok;
}

static bool (*const calls[])(struct asker *a, struct inquiry *q) = {
	[INQUIRY_TOPICS] = ask_topics,
	[INQUIRY_CATALOG] = ask_catalog,
	[INQUIRY_MARKS] = asker_marks,
	[INQUIRY_PLACES] = ask_places,
	[INQUIRY_COMPARE] = asker_compare,
	[INQUIRY_GROUP] = asker_group,
	[INQUIRY_GROUPS] = asker_groups,
	[INQUIRY_RESET] = asker_reset,
	[INQUIRY_CREATE] = asker_create,
};

/* After calls without an answer, a client that knows nothing of before: the old one
 * may hold on to leaders and delays for a minute after the brokers are back. */
static void
begin_anew(struct asker *a)
{
	struct err err = {0};
	rd_kafka_t *rk = handle_new(RD_KAFKA_CONSUMER, rd_kafka_conf_dup(a->conf), &err);

	if (!rk)
		return;
	asker_forget_groups(a);
	rd_kafka_destroy_flags(a->rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
	a->rk = rk;
}

/* Nobody answers, and nobody says why: how long it took to look for the reason, ms. */
static int
suspect_http(struct asker *a)
{
	const struct fault_context context = {.brokers = a->brokers};
	char broker[ERR_TEXT / 2], text[ERR_TEXT];
	int64_t begun = clock_mono_ms();

	if (a->was_up || a->last.text[0])
		return 0;
	if (http_server_among(a->brokers, broker, sizeof(broker))) {
		snprintf(text, sizeof(text), "%s/bootstrap: response size 1213486160", broker);
		fault_explain(RD_KAFKA_RESP_ERR__BAD_MSG, text, &context, &a->last);
	}
	return (int)(clock_mono_ms() - begun);
}

/* Whether a broker is there, for Q. A call knows only at its end why none is: this looks now and then. */
static bool
reach(struct asker *a, struct inquiry *q)
{
	const struct rd_kafka_metadata *md;
	rd_kafka_resp_err_t code;
	int waited = 0, wait;

	asker_begin(a);
	do {
		wait = a->patience_ms - waited < KNOCK_MS ? a->patience_ms - waited : KNOCK_MS;
		code = rd_kafka_metadata(a->rk, 0, NULL, &md, wait);
		if (!code)
			rd_kafka_metadata_destroy(md);
		rd_kafka_poll(a->rk, 0);
		waited += wait;
		if (code && waited >= SUSPECT_MS && waited - wait < SUSPECT_MS)
			waited += suspect_http(a);
	} while (code && waited < a->patience_ms && !(waited >= BELIEVE_MS && a->last.text[0]));
	a->vain_ms += waited;
	return asker_end(a, q, code, NULL);
}

static void
answer(struct asker *a, struct inquiry *q)
{
	bool reached;

	a->unanswered = false;
	a->patience_ms = q->patience_ms ? q->patience_ms : CALL_MS;
	reached = a->reached || reach(a, q);
	q->ok = reached && calls[q->kind](a, q);
	q->unanswered = !q->ok && a->unanswered;
	if (reached)
		a->vain_ms = a->unanswered ? a->patience_ms : 0;
	a->reached = !a->unanswered;
	if (a->vain_ms >= ANEW_MS) {
		begin_anew(a);
		a->vain_ms = 0;
	}
}

static void *
run(void *arg)
{
	struct asker *a = arg;
	struct pollfd fd = {.fd = mailbox_fd(a->questions), .events = POLLIN};
	struct inquiry *q;

	while (!atomic_load(&a->stopping)) {
		poll(&fd, 1, -1);
		q = mailbox_take(a->questions);
		if (!q || atomic_load(&a->stopping)) {
			inquiry_free(q);
			continue;
		}
		answer(a, q);
		if (atomic_load(&a->stopping))
			inquiry_free(q);
		else
			mailbox_post(q->reply, q);
	}
	asker_forget_groups(a);
	rd_kafka_destroy_flags(a->rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
	return NULL;
}

/* The marks are counted as Kafka's own tools do: uncommitted transactions included. */
static const struct kafka_property forced[] = {
	{"isolation.level", "read_uncommitted"},
	{"enable.auto.commit", "false"},
	{"enable.partition.eof", "false"},
	{"auto.offset.reset", "error"},
	{"queued.min.messages", "1"}, /* a record is read to be compared, and no more */
	{"fetch.message.max.bytes", "16384"},
};

static rd_kafka_t *
make_client(struct asker *a, const struct kafka_config *config, struct err *err)
{
	rd_kafka_conf_t *conf = handle_conf(config, HANDLE_QUIET, err);

	if (!conf)
		return NULL;
	if (!handle_set(conf, forced, sizeof(forced) / sizeof(forced[0]), err)) {
		rd_kafka_conf_destroy(conf);
		return NULL;
	}
	rd_kafka_conf_set_opaque(conf, a);
	rd_kafka_conf_set_error_cb(conf, note_error);
	a->conf = rd_kafka_conf_dup(conf);
	return handle_new(RD_KAFKA_CONSUMER, conf, err);
}

struct asker *
asker_new(const struct kafka_config *config, struct err *err)
{
	const char *brokers = kafka_property(config, "bootstrap.servers");
	struct asker *a = xcalloc(1, sizeof(*a));

	a->rk = make_client(a, config, err);
	if (!a->rk) {
		if (a->conf)
			rd_kafka_conf_destroy(a->conf);
		free(a);
		return NULL;
	}
	a->brokers = xstrdup(brokers ? brokers : config->brokers);
	a->questions = mailbox_new();
	a->thread = thread_start(run, a);
	return a;
}

void
asker_ask(struct asker *a, struct inquiry *q)
{
	mailbox_post(a->questions, q);
}

static void
free_question(void *q)
{
	inquiry_free(q);
}

bool
asker_free(struct asker *a, int timeout_ms)
{
	if (!a)
		return true;
	atomic_store(&a->stopping, true);
	asker_ask(a, inquiry_new(INQUIRY_TOPICS, NULL, NULL)); /* wakes it */
	if (!thread_join(a->thread, timeout_ms))
		return false;
	mailbox_free(a->questions, free_question);
	rd_kafka_conf_destroy(a->conf);
	free(a->brokers);
	free(a);
	return true;
}

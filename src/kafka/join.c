/* SPDX-License-Identifier: MIT */
/* Looking for the topics, and joining the group when one is there. */
#include "kafka/consumer_inside.h"

#include <stdio.h>
#include <string.h>

enum {
	TOPICS_MS = 5000,       /* how often new partitions are looked for, and whether the topics are still there */
	TOPICS_RETRY_MS = 2000, /* .. while a topic is missing */
	JOIN_LONG_MS = 4000,    /* a join that takes longer is explained: brokers let a new group gather for 3 s */
	JOIN_AGAIN_MS = 2000    /* .. and a later one: the others hear of it with their next heartbeat */
};

/* Subscribe to the topics that are there. When one of them came, or got partitions, to all of them anew: the library
 * would find out minutes later. */
static void
subscribe(struct consumer *c)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)c->table.n_topics);
	rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
	bool news = false;

	for (size_t i = 0; i < c->table.n_topics; i++) {
		struct topic_row *life = &c->table.life[i];

		if (c->table.count[i] == 0 || life->state == TOPIC_GONE)
			continue;
		rd_kafka_topic_partition_list_add(list, c->table.topics[i], RD_KAFKA_PARTITION_UA);
		news = news || !life->subscribed;
		life->subscribed = true;
	}
	if (news) {
		code = rd_kafka_subscribe(c->rk, list);
		c->subscribed = (size_t)list->cnt;
	}
	rd_kafka_topic_partition_list_destroy(list);
	if (code)
		link_say(c, LOG_ERROR, "cannot join group %s: %s", c->group, rd_kafka_err2str(code));
}

void
join_begin(struct consumer *c)
{
	if (!c->started || c->leaving)
		return;
	if (c->group)
		subscribe(c);
	else
		assign_all(c);
}

/* Topic NO has COUNT partitions: more than it had are younger than we are, as is all of one that was not there. */
static void
topic_seen(struct consumer *c, int no, size_t count)
{
	size_t known = c->table.count[no];
	bool young = c->table.life[no].state != TOPIC_UNKNOWN;

	table_grow(&c->table, no, count, young);
	if (count > known)
		c->table.life[no].subscribed = false;
	topics_event(c, no, TOPIC_SEEN);
}

static void
take_topics(struct consumer *c, const struct inquiry *q, struct err *problem)
{
	for (size_t i = 0; i < q->n_topics; i++) {
		const struct inquiry_topic *topic = &q->topics[i];

		if (topic->problem.text[0])
			*problem = topic->problem;
		if (topic->missing)
			topics_event(c, (int)i, TOPIC_MISSING);
		if (topic->missing && c->table.life[i].state == TOPIC_GONE)
			err_set(problem, "topic %s does not exist any more: waiting for it", topic->name);
		if (!topic->problem.text[0])
			topic_seen(c, (int)i, (size_t)topic->partitions);
	}
}

void
join_answer(struct consumer *c, const struct inquiry *q)
{
	struct err problem = {0};

	c->topics_asked = false;
	c->topics_due = c->now + TOPICS_RETRY_MS;
	if (!q->ok) {
		link_silent(c, &q->err);
		return;
	}
	link_alive(c);
	take_topics(c, q, &problem);
	if (problem.text[0] && strcmp(problem.text, c->topic_problem.text) != 0)
		link_say(c, LOG_ERROR, "%s", problem.text);
	if (!problem.text[0])
		c->topics_due = c->now + TOPICS_MS;
	c->topic_problem = problem;
	join_begin(c);
}

void
join_ask(struct consumer *c)
{
	struct inquiry *q = inquiry_new(INQUIRY_TOPICS, c->answers, NULL);

	for (size_t i = 0; i < c->table.n_topics; i++)
		inquiry_add_topic(q, c->table.topics[i]);
	for (size_t i = 0; i < q->n_topics; i++)
		q->topics[i].partitions = (int32_t)c->table.count[i];
	c->topics_asked = true;
	asker_ask(c->asker, q);
}

void
join_explain(const struct consumer *c, char *out, size_t size)
{
	int64_t waited = c->now - c->joining_since, patience = c->joined ? JOIN_AGAIN_MS : JOIN_LONG_MS;

	out[0] = '\0';
	if (c->group_state == GROUP_LOST)
		snprintf(out, size, "group %s counted us out; joining again", c->group);
	else if (c->group_state == GROUP_JOINING && waited > patience && c->subscribed > 0 &&
		 c->link == LINK_UP && !c->read_problem.text[0])
		snprintf(out, size, "joining group %s for %lld s: a member that has gone may still hold its place",
			 c->group, (long long)(waited / 1000));
}

void
join_say_long(struct consumer *c)
{
	char text[256];

	if (c->long_said == c->joining_since || c->group_state != GROUP_JOINING)
		return;
	join_explain(c, text, sizeof(text));
	if (!text[0])
		return;
	c->long_said = c->joining_since;
	link_say(c, LOG_INFO, "%s", text);
}

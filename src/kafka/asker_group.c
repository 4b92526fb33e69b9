/* SPDX-License-Identifier: MIT */
/*
 * Not the library's ListConsumerGroupOffsets, DescribeConsumerGroups nor any other
 * of its admin calls to a coordinator: while one is away and comes back, these end
 * the program by an assertion of the library's own. ListConsumerGroups asks every
 * broker, no coordinator.
 */
#include "kafka/asker_inside.h"
#include "kafka/fault.h"
#include "kafka/handle.h"
#include "kafka/members.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_WAIT_MS = 250 };

/* --- The clients ------------------------------------------------------------ */

static void
group_client_end(struct group_client *g)
{
	if (g->rk)
		rd_kafka_destroy_flags(g->rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
	free(g->name);
	*g = (struct group_client){0};
}

void
asker_forget_groups(struct asker *a)
{
	for (int i = 0; i < GROUP_CLIENTS; i++)
		group_client_end(&a->groups[i]);
}

/* The place of GROUP's client, or the one to be used for it: a free one, else the oldest. */
static struct group_client *
group_place(struct asker *a, const char *group)
{
	struct group_client *place = a->groups;

	for (struct group_client *g = a->groups; g < a->groups + GROUP_CLIENTS; g++) {
		if (g->name && strcmp(g->name, group) == 0)
			return g;
		if (g->used < place->used)
			place = g;
	}
	return place;
}

/* A client for what Q's group committed, never subscribed and so no member of it. */
static struct group_client *
group_client(struct asker *a, struct inquiry *q)
{
	const struct kafka_property group = {"group.id", q->group};
	struct group_client *g = group_place(a, q->group);
	rd_kafka_conf_t *conf;

	if (g->name && strcmp(g->name, q->group) != 0)
		group_client_end(g);
	if (!g->name) {
		conf = rd_kafka_conf_dup(a->conf);
		if (!handle_set(conf, &group, 1, &q->err)) {
			rd_kafka_conf_destroy(conf);
			return NULL;
		}
		g->rk = handle_new(RD_KAFKA_CONSUMER, conf, &q->err);
		if (!g->rk)
			return NULL;
		g->name = xstrdup(q->group);
	}
	g->used = ++a->group_calls;
	return g;
}

/* The library tries on for ever where we may not use the group, and tells only who polls. */
static bool
is_denied(rd_kafka_t *rk)
{
	rd_kafka_message_t *m;
	bool denied = false;

	rd_kafka_poll(rk, 0);
	while ((m = rd_kafka_consumer_poll(rk, 0))) {
		denied |= m->err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
		rd_kafka_message_destroy(m);
	}
	return denied;
}

/* The next wait of a call that waits CALL_MS in all, in steps that grow; 0: all is WAITED. */
static int
next_wait(int waited)
{
	int wait = waited + FIRST_WAIT_MS;

	return wait < CALL_MS - waited ? wait : CALL_MS - waited;
}

/* --- Committed offsets ------------------------------------------------------ */

static rd_kafka_resp_err_t
fetch_committed(rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list)
{
	rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__TIMED_OUT;

	for (int waited = 0, wait; (wait = next_wait(waited)) > 0; waited += wait) {
		code = rd_kafka_committed(rk, list, wait);
		if (code != RD_KAFKA_RESP_ERR__TIMED_OUT && code != RD_KAFKA_RESP_ERR__WAIT_COORD)
			return code;
		if (is_denied(rk))
			return RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
	}
	return code;
}

static bool
take_committed(struct asker *a, struct inquiry *q, const rd_kafka_topic_partition_list_t *list)
{
	for (int i = 0; i < list->cnt; i++) {
		if (list->elems[i].err)
			return asker_end(a, q, list->elems[i].err, NULL);
		if (list->elems[i].offset >= 0)
			q->spots[i].committed = list->elems[i].offset;
	}
	q->committed = true;
	return true;
}

bool
asker_committed(struct asker *a, struct inquiry *q)
{
	struct group_client *g = group_client(a, q);
	rd_kafka_topic_partition_list_t *list;
	rd_kafka_resp_err_t code;
	bool good;

	if (!g)
		return false;
	list = asker_spot_list(q, RD_KAFKA_OFFSET_INVALID);
	asker_begin(a);
	rd_kafka_poll(g->rk, 0);
	code = fetch_committed(g->rk, list);
	good = asker_end(a, q, code, NULL) && take_committed(a, q, list);
	rd_kafka_topic_partition_list_destroy(list);
	if (code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
		group_client_end(g); /* it would not say so again */
	if (code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED && q->kind != INQUIRY_PLACES)
		err_set(&q->err, "no permission to see what group %s committed: ask whoever runs the cluster for "
			"DESCRIBE on it", q->group);
	return good;
}

/* --- What the brokers list -------------------------------------------------- */

/* What DescribeGroups says of FROM. It calls a group of the new protocol dead, as one that is not there. */
static void
take_described(struct inquiry_group *to, const struct rd_kafka_group_info *from)
{
	if (from->err) {
		to->known = from->err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ? MEMBERS_DENIED
										      : MEMBERS_UNANSWERED;
		return;
	}
	if (strcmp(from->state, "Dead") == 0) {
		to->known = MEMBERS_HIDDEN;
		return;
	}
	snprintf(to->state, sizeof(to->state), "%s", from->state);
	snprintf(to->type, sizeof(to->type), "%s", from->protocol_type);
	snprintf(to->assignor, sizeof(to->assignor), "%s", from->protocol);
	to->known = MEMBERS_KNOWN;
	to->members = from->member_cnt;
}

/* What ListConsumerGroups adds where describing did not say: an empty group has no members to be hidden. */
static void
take_listing(struct inquiry_group *to, const rd_kafka_ConsumerGroupListing_t *from)
{
	rd_kafka_consumer_group_state_t state = rd_kafka_ConsumerGroupListing_state(from);

	if (to->state[0])
		return;
	if (!rd_kafka_ConsumerGroupListing_is_simple_consumer_group(from))
		snprintf(to->type, sizeof(to->type), "consumer");
	if (state == RD_KAFKA_CONSUMER_GROUP_STATE_UNKNOWN)
		return;
	snprintf(to->state, sizeof(to->state), "%s", rd_kafka_consumer_group_state_name(state));
	if (state == RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY) {
		to->known = MEMBERS_KNOWN;
		to->members = 0;
	}
}

static int
compare_groups(const void *a, const void *b)
{
	const struct inquiry_group *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
sort_groups(struct inquiry *q)
{
	if (q->n_groups)
		qsort(q->groups, q->n_groups, sizeof(*q->groups), compare_groups);
}

/* NULL: no room for one more. */
static struct inquiry_group *
add_group(struct inquiry *q, const char *name)
{
	if (q->n_groups < INQUIRY_GROUPS_MOST)
		return inquiry_add_group(q, name);
	q->groups_left++;
	return NULL;
}

/* Q's groups are sorted; those that only this listing has are added where all are asked about. */
static void
take_listings(struct inquiry *q, const rd_kafka_ListConsumerGroups_result_t *result)
{
	size_t n, sorted = q->n_groups;
	const rd_kafka_ConsumerGroupListing_t **list = rd_kafka_ListConsumerGroups_result_valid(result, &n);

	for (size_t i = 0; i < n; i++) {
		struct inquiry_group key = {.name = (char *)rd_kafka_ConsumerGroupListing_group_id(list[i])};
		struct inquiry_group *g =
		    sorted ? bsearch(&key, q->groups, sorted, sizeof(key), compare_groups) : NULL;

		if (!g && q->kind == INQUIRY_GROUPS && (g = add_group(q, key.name)))
			g->known = MEMBERS_HIDDEN;
		if (g)
			take_listing(g, list[i]);
	}
	sort_groups(q);
}

static bool
ask_listings(struct asker *a, struct inquiry *q)
{
	rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(a->rk, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(a->rk);
	rd_kafka_event_t *event;
	bool good;

	rd_kafka_AdminOptions_set_request_timeout(options, CALL_MS, NULL, 0);
	asker_begin(a);
	rd_kafka_ListConsumerGroups(a->rk, options, queue);
	event = rd_kafka_queue_poll(queue, CALL_MS + CALL_MS / 2);
	good = asker_end(a, q, event ? rd_kafka_event_error(event) : RD_KAFKA_RESP_ERR__TIMED_OUT,
			 event ? rd_kafka_event_error_string(event) : NULL);
	if (good)
		take_listings(q, rd_kafka_event_ListConsumerGroups_result(event));
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_queue_destroy(queue);
	rd_kafka_AdminOptions_destroy(options);
	return good;
}

/* --- One group -------------------------------------------------------------- */

static bool
take_group(struct asker *a, struct inquiry *q, const struct rd_kafka_group_info *from)
{
	struct inquiry_group *g = inquiry_add_group(q, q->group);
	bool good;

	take_described(g, from);
	if (!from->err)
		members_take(q, from);
	if (g->known == MEMBERS_DENIED)
		good = q->err.text[0] ? false : err_set(&q->err, "no permission to describe group %s: ask whoever runs "
							"the cluster for DESCRIBE on it", q->group);
	else
		good = asker_end(a, q, from->err, NULL);
	if (g->known != MEMBERS_KNOWN && !a->unanswered)
		ask_listings(a, q);
	q->known = g->known;
	return good;
}

static bool
ask_members(struct asker *a, struct inquiry *q)
{
	const struct rd_kafka_group_list *list = NULL;
	rd_kafka_resp_err_t code;
	bool good;

	asker_begin(a);
	code = rd_kafka_list_groups(a->rk, q->group, &list, a->patience_ms);
	if (code == RD_KAFKA_RESP_ERR__PARTIAL && list->group_cnt > 0)
		code = RD_KAFKA_RESP_ERR_NO_ERROR; /* the brokers that did not answer are not its coordinator */
	good = asker_end(a, q, code, NULL);
	if (!good)
		q->known = MEMBERS_UNANSWERED;
	else if (list->group_cnt > 0)
		good = take_group(a, q, &list->groups[0]);
	if (list)
		rd_kafka_group_list_destroy(list);
	return good;
}

/* That the group is there, and its state: told also to who may see neither its offsets nor its members. */
static bool
is_listed(const struct inquiry *q)
{
	return q->n_groups > 0 && q->groups[0].state[0];
}

/* Asked after the commits: what is committed is not ahead of them, unless it is beyond the end. */
static bool
ask_group_ends(struct asker *a, struct inquiry *q)
{
	bool any, *topics = inquiry_group_topics(q, &any);
	bool good = !any || asker_ends(a, q, topics);

	free(topics);
	return good;
}

/* Its offsets and its members are two halves, each with a permission of its own. */
static bool
ask_halves(struct asker *a, struct inquiry *q)
{
	bool asked = q->n_spots > 0, offsets = !asked || asker_committed(a, q), members;

	if (!offsets && a->unanswered)
		return false;
	q->embedded = asker_embedded(a);
	if (q->embedded)
		q->known = MEMBERS_UNSUPPORTED; /* it does not know the call for members */
	if (q->embedded || q->no_members || q->commits_only)
		return offsets;
	members = ask_members(a, q);
	return members || (asked && (offsets || is_listed(q)));
}

/* Ends that did not come leave the lag unknown; the rest stands. */
bool
asker_group(struct asker *a, struct inquiry *q)
{
	bool good = ask_halves(a, q);

	if (good && !q->commits_only)
		ask_group_ends(a, q);
	return good;
}

/* --- All groups ------------------------------------------------------------- */

static void
take_groups(struct inquiry *q, const struct rd_kafka_group_list *list)
{
	struct inquiry_group *g;

	for (int i = 0; i < list->group_cnt; i++)
		if ((g = add_group(q, list->groups[i].group)))
			take_described(g, &list->groups[i]);
	sort_groups(q);
}

bool
asker_groups(struct asker *a, struct inquiry *q)
{
	const struct rd_kafka_group_list *list = NULL;
	rd_kafka_resp_err_t code;
	bool good;

	q->embedded = asker_embedded(a);
	if (q->embedded)
		return err_set(&q->err, "the embedded broker cannot list groups; one whose name is known can be "
			       "described");
	asker_begin(a);
	code = rd_kafka_list_groups(a->rk, NULL, &list, a->patience_ms);
	good = asker_end(a, q, code == RD_KAFKA_RESP_ERR__PARTIAL ? 0 : code, NULL);
	if (good)
		take_groups(q, list);
	if (list)
		rd_kafka_group_list_destroy(list);
	if (!good || !ask_listings(a, q))
		return false;
	if (code)
		err_set(&q->err, "a broker did not answer: groups that it coordinates are missing, or their members");
	return true;
}

/* --- Reset ------------------------------------------------------------------ */

static rd_kafka_topic_partition_list_t *
reset_list(const struct inquiry *q)
{
	rd_kafka_topic_partition_list_t *list = asker_spot_list(q, RD_KAFKA_OFFSET_INVALID);

	for (size_t i = 0; i < q->n_spots; i++)
		list->elems[i].offset = q->spots[i].at;
	return list;
}

/* The answer to the commit on its way to QUEUE; NULL when there is none. */
static rd_kafka_event_t *
await_commit(rd_kafka_t *rk, rd_kafka_queue_t *queue)
{
	rd_kafka_event_t *event = NULL;

	for (int waited = 0, wait; !event && (wait = next_wait(waited)) > 0; waited += wait) {
		event = rd_kafka_queue_poll(queue, wait);
		rd_kafka_poll(rk, 0);
	}
	return event;
}

/* A commit from outside is taken only while nobody is in the group. */
static bool
explain_refusal(struct asker *a, struct inquiry *q, int code)
{
	switch (code) {
	case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
	case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
	case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
	case RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP:
		return err_set(&q->err, "group %s has members, and the brokers take no commit from outside then: end "
			       "them first, or wait until they are missed", q->group);
	default:
		return asker_end(a, q, code, NULL);
	}
}

static bool
take_commit(struct asker *a, struct inquiry *q, rd_kafka_event_t *event)
{
	const rd_kafka_topic_partition_list_t *list = rd_kafka_event_topic_partition_list(event);
	int code = rd_kafka_event_error(event);

	for (int i = 0; list && i < list->cnt; i++) {
		struct inquiry_spot *s = &q->spots[i];
		int each = list->elems[i].err;

		s->refused = each ? rd_kafka_err2str((rd_kafka_resp_err_t)each) : NULL;
		if (each && !code)
			code = each;
	}
	return !code || explain_refusal(a, q, code);
}

/* Asking what is committed first shows that the coordinator is there and lets us. */
bool
asker_reset(struct asker *a, struct inquiry *q)
{
	struct group_client *g = asker_committed(a, q) ? group_client(a, q) : NULL;
	rd_kafka_topic_partition_list_t *list;
	rd_kafka_queue_t *queue;
	rd_kafka_event_t *event;
	bool good;

	if (!g)
		return false;
	list = reset_list(q);
	queue = rd_kafka_queue_new(g->rk);
	asker_begin(a);
	rd_kafka_commit_queue(g->rk, list, queue, NULL, NULL);
	event = await_commit(g->rk, queue);
	a->unanswered = !event;
	good = event ? take_commit(a, q, event)
		     : err_set(&q->err, "the brokers did not answer in time: whether group %s was reset is not known",
			       q->group);
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_queue_destroy(queue);
	rd_kafka_topic_partition_list_destroy(list);
	return good;
}

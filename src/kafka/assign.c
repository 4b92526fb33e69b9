/* SPDX-License-Identifier: MIT */
/* Who has which partition, and where each one starts. */
#include "base/alloc.h"
#include "kafka/consumer_inside.h"
#include "kafka/topic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LOOKUP_TRIES = 3,
	LOOKUP_RETRY_MS = 500,
	LOOKUP_AGAIN_MS = 200, /* while a topic of it is being compared */
	PARTITIONS_MAX = 100000 /* as many as the library takes from a topic's metadata */
};

/* How the group hands partitions over. It must be asked while the group waits for
 * our assign: asked when leaving is nearly over, the library never answers. */
static enum protocol
read_protocol(const struct consumer *c)
{
	const char *name = rd_kafka_rebalance_protocol(c->rk);

	if (name && strcmp(name, "COOPERATIVE") == 0)
		return PROTOCOL_COOPERATIVE;
	return name && strcmp(name, "EAGER") == 0 ? PROTOCOL_EAGER : PROTOCOL_NONE;
}

/* The row of P, which is made when it is new. Topics we did not ask for have none
 * (-1), nor have numbers no topic reaches: what is assigned is another member's word. */
static int64_t
row_of(struct consumer *c, const rd_kafka_topic_partition_t *p)
{
	int topic_no = table_topic(&c->table, p->topic);

	if (topic_no < 0 || p->partition < 0 || p->partition >= PARTITIONS_MAX)
		return -1;
	table_grow(&c->table, topic_no, (size_t)p->partition + 1,
		   c->table.life[topic_no].state != TOPIC_UNKNOWN); /* else its number was known */
	return table_at(&c->table, topic_no, p->partition);
}

static void
complain(struct consumer *c, const char *what, rd_kafka_error_t *error)
{
	if (!error)
		return;
	link_say(c, LOG_ERROR, "the Kafka client could not %s: %s", what, rd_kafka_error_string(error));
	rd_kafka_error_destroy(error);
}

static void
assign_whole(struct consumer *c, const rd_kafka_topic_partition_list_t *list)
{
	rd_kafka_resp_err_t code = rd_kafka_assign(c->rk, list);

	if (code)
		link_say(c, LOG_ERROR, "the Kafka client could not change the assignment: %s", rd_kafka_err2str(code));
}

const char *
assign_policy_end(const struct consumer *c, size_t at)
{
	return c->policy == POLICY_EARLIEST || c->table.rows[at].young ? "beginning" : "end";
}

int64_t
assign_policy_offset(const struct consumer *c, size_t at)
{
	return c->policy == POLICY_EARLIEST || c->table.rows[at].young ? RD_KAFKA_OFFSET_BEGINNING
									: RD_KAFKA_OFFSET_END;
}

static void
read_membership(struct consumer *c)
{
	enum { TAG = 7 };
	rd_kafka_consumer_group_metadata_t *metadata = rd_kafka_consumer_group_metadata(c->rk);
	char *member = rd_kafka_memberid(c->rk);
	rd_kafka_error_t *error;
	void *bytes = NULL;
	size_t n = 0;

	snprintf(c->member, sizeof(c->member), "%s", member ? member : "");
	if (member)
		rd_kafka_mem_free(c->rk, member);
	c->generation = -1;
	if (!metadata)
		return;
	error = rd_kafka_consumer_group_metadata_write(metadata, &bytes, &n);
	if (!error && n >= TAG + sizeof(c->generation) && memcmp(bytes, "CGMDv2:", TAG) == 0)
		memcpy(&c->generation, (char *)bytes + TAG, sizeof(c->generation));
	if (error)
		rd_kafka_error_destroy(error);
	if (bytes)
		rd_kafka_mem_free(c->rk, bytes);
	rd_kafka_consumer_group_metadata_destroy(metadata);
}

static size_t
held(const struct consumer *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->table.n; i++)
		n += c->table.status[i].assigned;
	return n;
}

static void
report(struct consumer *c, enum assignment_change change, const rd_kafka_topic_partition_list_t *list)
{
	struct assignment a = {
		.change = change, .generation = c->group ? c->generation : -1, .count = (size_t)list->cnt,
	};
	struct topic_partition *sorted = xcalloc((size_t)list->cnt + 1, sizeof(*sorted));
	rd_kafka_topic_partition_list_t *copy = rd_kafka_topic_partition_list_copy(list);

	rd_kafka_topic_partition_list_sort(copy, NULL, NULL);
	for (int i = 0; i < copy->cnt; i++)
		sorted[i] = (struct topic_partition){copy->elems[i].topic, copy->elems[i].partition};
	topic_ranges(sorted, (size_t)copy->cnt, a.text, sizeof(a.text));
	a.held = held(c);
	c->listener->assigned(c->ctx, &a);
	rd_kafka_topic_partition_list_destroy(copy);
	free(sorted);
}

void
assign_noted(struct consumer *c, rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t *list)
{
	requests_rejoined(c->requests);
	if (c->rebalance != REBALANCE_NONE)
		assign_work(c);
	c->rebalance = code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS ? REBALANCE_ASSIGN : REBALANCE_REVOKE;
	c->rebalance_lost = c->rebalance == REBALANCE_REVOKE && rd_kafka_assignment_lost(c->rk);
	c->rebalance_list = rd_kafka_topic_partition_list_copy(list);
	if (c->leaving)
		assign_work(c);
}

static bool
all_running(const struct consumer *c)
{
	for (size_t i = 0; i < c->table.n; i++)
		if (fetch_is_started(c->table.rows[i].state) && !fetch_lives(c->table.rows[i].state))
			return false;
	return true;
}

/* A partition is moved once it runs: before that a seek would be lost, and an
 * assignment on top of one that is still being started can abort the library. */
static bool
may_move_row(const struct consumer *c, size_t at)
{
	enum fetch_state state = c->table.rows[at].state;

	if (state != FETCH_RESETTING || table_life(&c->table, at)->state != TOPIC_THERE)
		return state == FETCH_MOVING;
	return c->protocol != PROTOCOL_EAGER || all_running(c);
}

/* Nothing is moved while an assignment is being started, nor while paused: what
 * arrived in spite of the pause would arrive again. */
static bool
may_move(const struct consumer *c)
{
	if (c->moving == 0 || c->lookup || consumer_is_still(c))
		return false;
	for (size_t i = 0; i < c->table.n; i++)
		if (may_move_row(c, i))
			return true;
	return false;
}

bool
assign_has_work(const struct consumer *c)
{
	return c->rebalance != REBALANCE_NONE || may_move(c);
}

void
assign_note(struct consumer *c, size_t at, enum fetch_event e)
{
	struct row *row = &c->table.rows[at];
	bool was_moving = fetch_is_moving(row->state);

	row->state = fetch_next(row->state, e);
	c->table.status[at].assigned = row->state != FETCH_NONE;
	c->moving += (size_t)fetch_is_moving(row->state) - (size_t)was_moving;
	if (was_moving && !fetch_is_moving(row->state))
		row->target = OFFSET_UNSET;
}

void
assign_move(struct consumer *c, size_t at, enum fetch_event e, int64_t target)
{
	assign_note(c, at, e);
	if (c->table.rows[at].state != FETCH_NONE)
		c->table.rows[at].target = target;
}

static struct start_facts
facts_of(const struct consumer *c, size_t at, const struct inquiry_spot *spot, bool times)
{
	const struct partition_status *s = &c->table.status[at];
	const struct row *row = &c->table.rows[at];

	return (struct start_facts){
		.seek = c->seek.kind != SEEK_NONE && !row->seek_used ? &c->seek : NULL,
		.policy = c->policy, .young = row->young, .in_group = c->group, .committed_known = row->committed_known,
		.committed = s->committed, .stale = row->stale, .next = row->next,
		.low = s->low, .end = s->end, .at = spot ? spot->at : -1, .times = times,
	};
}

/* Where to start the partition at row AT; who wants it at an offset that is not there is told once. */
static int64_t
start_of(struct consumer *c, size_t at, const struct inquiry_spot *spot, bool times)
{
	const struct partition_status *s = &c->table.status[at];
	const struct start_facts facts = facts_of(c, at, spot, times);
	struct start start = start_offset(&facts);

	if (c->table.rows[at].target != OFFSET_UNSET)
		return c->table.rows[at].target;
	if (start.out_of_range >= 0)
		link_say(c, LOG_WARN, "%s[%d]: offset %lld is out of range: going on at the %s", s->topic,
			 s->partition, (long long)start.out_of_range, assign_policy_end(c, at));
	return start.offset;
}

/* By E the partition at row AT is read from OFFSET on. */
static void
started(struct consumer *c, size_t at, enum fetch_event e, int64_t offset)
{
	struct row *row = &c->table.rows[at];

	assign_note(c, at, e);
	row->target = OFFSET_UNSET;
	row->start = offset;
	row->end = -1;
	if (c->keeper)
		c->keeper->starts(c->keeper->ctx, c->table.status[at].topic_no, c->table.status[at].partition, offset);
	c->table.status[at].position = offset >= 0 ? offset : -1;
	c->table.status[at].stored = offset >= 0 && offset == row->next ? offset : -1;
	if (offset >= 0 && offset == c->table.status[at].end)
		commit_end(c, at, offset);
}

/* What is kept of the partition at row AT, which ends at END (-1: nobody knows), is not read again; that there is
 * less of it than that ends the run. */
static void
ask_keeper(struct consumer *c, size_t at, int64_t end)
{
	const struct partition_status *s = &c->table.status[at];
	int64_t next = c->keeper ? c->keeper->next(c->keeper->ctx, s->topic_no, s->partition) : -1;
	struct err err;

	if (end < 0 || next <= end) {
		if (next > c->table.rows[at].next)
			c->table.rows[at].next = next;
		return;
	}
	c->refused = true;
	err_set(&err, "%s[%d] ends at offset %lld, and is stored up to %lld: the topic was deleted and made anew; use "
		"another store", s->topic, s->partition, (long long)end, (long long)next);
	c->listener->said(c->ctx, LOG_ERROR, err.text, true);
}

/* Start what was looked up; Q says what was learned about it, NULL nothing. */
static void
start_lookup(struct consumer *c, const struct inquiry *q)
{
	rd_kafka_topic_partition_list_t *list = c->lookup;
	const struct inquiry_spot *spot;
	int64_t at;

	c->lookup = NULL;
	c->started_ms = c->now;
	c->lookup_due = INT64_MAX;
	c->lookup_tag++;
	for (int i = 0; i < list->cnt; i++) {
		at = row_of(c, &list->elems[i]);
		if (at < 0)
			continue;
		spot = q ? inquiry_spot(q, c->table.status[at].topic_no, list->elems[i].partition) : NULL;
		if (c->table.rows[at].goal < 0)
			c->table.rows[at].goal = c->table.status[at].end;
		if (q) /* else nobody has asked whether it is of this cluster */
			ask_keeper(c, (size_t)at, spot ? spot->end : -1);
		list->elems[i].offset = start_of(c, (size_t)at, spot, q && q->times);
		started(c, (size_t)at, FETCH_STARTED, list->elems[i].offset);
		c->table.rows[at].seek_used = c->table.rows[at].seek_used || q;
	}
	if (c->protocol == PROTOCOL_EAGER)
		assign_whole(c, list);
	else
		complain(c, "add partitions", rd_kafka_incremental_assign(c->rk, list));
	if (consumer_is_still(c))
		rd_kafka_pause_partitions(c->rk, list);
	else if (c->ever_paused) /* the library keeps a partition's pause over a rebalance */
		rd_kafka_resume_partitions(c->rk, list);
	rd_kafka_topic_partition_list_destroy(list);
}

void
assign_settle(struct consumer *c)
{
	if (c->lookup)
		start_lookup(c, NULL);
}

void
assign_ask(struct consumer *c)
{
	struct inquiry *q = inquiry_new(INQUIRY_PLACES, c->answers, c->group);

	for (size_t i = 0; i < c->table.n_topics; i++)
		inquiry_add_topic(q, c->table.topics[i]);
	for (int i = 0; i < c->lookup->cnt; i++)
		inquiry_add_spot(q, table_topic(&c->table, c->lookup->elems[i].topic), c->lookup->elems[i].partition);
	inquiry_sort(q);
	q->tag = ++c->lookup_tag;
	if (c->seek.kind == SEEK_TIME)
		q->time = c->seek.number;
	c->lookup_due = INT64_MAX;
	asker_ask(c->asker, q);
}

/* LIST (swallowed) is ours from now on; it starts when its start offsets are known. */
static void
look_up(struct consumer *c, rd_kafka_topic_partition_list_t *list)
{
	c->lookup = list;
	c->lookup_tries = 0;
	if (list->cnt == 0)
		start_lookup(c, NULL);
	else
		assign_ask(c);
}

/* Marks that stay unknown can be done without, unless a keeper has to compare its own with
 * them. What the group committed cannot: the library, left to find it out, gives up at the
 * first refusal and never reads. */
static bool
must_ask_again(struct consumer *c, const struct inquiry *q)
{
	return !q->ok && (++c->lookup_tries < LOOKUP_TRIES || (c->group && !q->committed) || c->keeper);
}

/* A keeper of another cluster ends the run: nothing is started. */
static bool
is_kept_here(struct consumer *c, const struct inquiry *q)
{
	struct err err;

	if (!c->keeper || c->keeper->claim(c->keeper->ctx, q->cluster, &err))
		return true;
	c->refused = true;
	c->listener->said(c->ctx, LOG_ERROR, err.text, true);
	return false;
}

/* A topic is being compared: until that is known its partitions do not start. */
static bool
in_doubt(const struct consumer *c)
{
	for (int i = 0; i < c->lookup->cnt; i++) {
		int no = table_topic(&c->table, c->lookup->elems[i].topic);
		enum topic_state state = no >= 0 ? c->table.life[no].state : TOPIC_THERE;

		if (state == TOPIC_DOUBTED || state == TOPIC_BACK)
			return true;
	}
	return false;
}

void
assign_answer(struct consumer *c, const struct inquiry *q)
{
	if (!c->lookup || q->tag != c->lookup_tag)
		return;
	if (must_ask_again(c, q)) {
		if (c->link == LINK_UP)
			link_remember(c, &c->read_problem, &q->err, false);
		else
			link_silent(c, &q->err);
		c->lookup_due = c->now + LOOKUP_RETRY_MS;
		return;
	}
	c->read_problem.text[0] = '\0';
	consumer_learn(c, q);
	if (q->ok && q->time >= 0 && !q->times)
		link_say(c, LOG_ERROR, "this broker does not know times (the embedded one does not): starting at the "
			 "%s; --seek beginning, end, N and -N work",
			 c->policy == POLICY_EARLIEST ? "beginning" : "end");
	topics_compare_stored(c, q);
	if (in_doubt(c))
		c->lookup_due = c->now + LOOKUP_AGAIN_MS;
	else if (is_kept_here(c, q))
		start_lookup(c, q);
}

static void
take_rows(struct consumer *c, const rd_kafka_topic_partition_list_t *list)
{
	int64_t at;

	for (int i = 0; i < list->cnt; i++) {
		at = row_of(c, &list->elems[i]);
		if (at < 0)
			continue;
		assign_note(c, (size_t)at, FETCH_ASSIGNED);
		c->table.rows[at].taken = c->table.rows[at].applied = -1;
		c->table.rows[at].committed_known = false;
	}
}

static void
give_rows(struct consumer *c, const rd_kafka_topic_partition_list_t *list)
{
	struct partition_status *s;
	int64_t at, next;

	for (int i = 0; i < list->cnt; i++) {
		at = row_of(c, &list->elems[i]);
		if (at < 0)
			continue;
		s = &c->table.status[at];
		next = s->position;
		if (consumer_holds(c, (size_t)at)) {
			consumer_disown(c, (size_t)at, "its partition was taken away while it was being stored");
			next = c->held.message->offset;
		}
		next = s->stored >= 0 ? s->stored : next;
		if (fetch_is_started(c->table.rows[at].state) && next >= 0) /* else it goes on where it was before */
			c->table.rows[at].next = next;
		assign_note(c, (size_t)at, FETCH_REVOKED);
		c->table.rows[at].target = OFFSET_UNSET;
		s->position = s->stored = -1;
	}
}

static void
do_assign(struct consumer *c, rd_kafka_topic_partition_list_t *list)
{
	c->joined = true;
	c->group_state = GROUP_MEMBER;
	c->read_problem.text[0] = '\0';
	c->protocol = read_protocol(c);
	read_membership(c);
	link_alive(c);
	take_rows(c, list);
	report(c, ASSIGNMENT_GOT, list);
	look_up(c, list);
	if (c->leaving)
		assign_settle(c);
}

static void
do_revoke(struct consumer *c, rd_kafka_topic_partition_list_t *list, bool lost)
{
	assign_settle(c);
	if (c->listener->leaving)
		c->listener->leaving(c->ctx);
	if (!lost && c->commit != COMMIT_NONE)
		commit_stored(c, list);
	give_rows(c, list);
	report(c, lost ? ASSIGNMENT_LOST : ASSIGNMENT_REVOKED, list);
	if (c->protocol == PROTOCOL_COOPERATIVE)
		complain(c, "give partitions back", rd_kafka_incremental_unassign(c->rk, list));
	else
		assign_whole(c, NULL);
	if (lost || c->protocol != PROTOCOL_COOPERATIVE) {
		c->group_state = lost ? GROUP_LOST : GROUP_JOINING;
		c->joining_since = c->now;
	}
	rd_kafka_topic_partition_list_destroy(list);
}

static void
list_row(rd_kafka_topic_partition_list_t *list, const struct partition_status *s, int64_t offset)
{
	rd_kafka_topic_partition_list_add(list, s->topic, s->partition)->offset = offset;
}

/* Rows that run are sought; the others' turn comes with their first sign of life. */
static void
seek_wanted(struct consumer *c)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);

	for (size_t i = 0; i < c->table.n; i++) {
		struct row *row = &c->table.rows[i];

		if (row->state != FETCH_MOVING)
			continue;
		list_row(list, &c->table.status[i], row->target);
		started(c, i, FETCH_SOUGHT, row->target);
	}
	if (list->cnt)
		complain(c, "seek", rd_kafka_seek_partitions(c->rk, list, 0));
	rd_kafka_topic_partition_list_destroy(list);
}

static void
say_lost(struct consumer *c, size_t at)
{
	const struct partition_status *s = &c->table.status[at];

	if (c->table.rows[at].lost >= 0)
		link_say(c, LOG_WARN, "%s[%d]: offset %lld is out of range: going on at the %s", s->topic,
			 s->partition, (long long)c->table.rows[at].lost, assign_policy_end(c, at));
	c->table.rows[at].lost = -1;
}

/* After an offset that is not there a seek does nothing: such a partition is
 * assigned anew. Under an eager assignor only a whole assignment may be made: the
 * others go on where they are. */
static void
assign_reset(struct consumer *c)
{
	bool eager = c->protocol == PROTOCOL_EAGER, any = false;
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);

	for (size_t i = 0; i < c->table.n; i++)
		any = any || (c->table.rows[i].state == FETCH_RESETTING && may_move_row(c, i));
	for (size_t i = 0; any && i < c->table.n; i++) {
		const struct partition_status *s = &c->table.status[i];
		struct row *row = &c->table.rows[i];

		if (row->state == FETCH_RESETTING && table_life(&c->table, i)->state == TOPIC_THERE) {
			say_lost(c, i);
			list_row(list, s, row->target);
			started(c, i, FETCH_STARTED, row->target);
		} else if (fetch_is_started(row->state) && eager) {
			list_row(list, s, s->position >= 0 ? s->position : row->start);
			assign_note(c, i, FETCH_CARRIED);
		}
	}
	if (any && eager)
		assign_whole(c, list);
	else if (any) {
		complain(c, "move partitions", rd_kafka_incremental_unassign(c->rk, list));
		complain(c, "move partitions", rd_kafka_incremental_assign(c->rk, list));
	}
	rd_kafka_topic_partition_list_destroy(list);
}

void
assign_work(struct consumer *c)
{
	rd_kafka_topic_partition_list_t *list = c->rebalance_list;
	enum rebalance kind = c->rebalance;

	c->rebalance = REBALANCE_NONE;
	c->rebalance_list = NULL;
	if (kind == REBALANCE_ASSIGN)
		do_assign(c, list);
	else if (kind == REBALANCE_REVOKE)
		do_revoke(c, list, c->rebalance_lost);
	if (may_move(c)) {
		seek_wanted(c);
		assign_reset(c);
	}
}

/* A topic that we name makes the library ask for its leaders at once; one that it
 * meets in an assignment would wait up to a second for its round of questions. */
static void
ask_leaders(struct consumer *c)
{
	for (size_t i = 0; i < c->table.n_topics; i++) {
		rd_kafka_topic_t *topic = rd_kafka_topic_new(c->rk, c->table.topics[i], NULL);

		if (topic)
			rd_kafka_topic_destroy(topic);
	}
}

void
assign_all(struct consumer *c)
{
	rd_kafka_topic_partition_list_t *list;

	if (c->group || c->lookup || c->leaving)
		return;
	list = rd_kafka_topic_partition_list_new(16);
	for (size_t i = 0; i < c->table.n; i++)
		if (!c->table.status[i].assigned && table_life(&c->table, i)->state == TOPIC_THERE)
			list_row(list, &c->table.status[i], RD_KAFKA_OFFSET_INVALID);
	if (list->cnt == 0) {
		rd_kafka_topic_partition_list_destroy(list);
		return;
	}
	ask_leaders(c);
	take_rows(c, list);
	report(c, ASSIGNMENT_GOT, list);
	look_up(c, list);
}

void
assign_take_away(struct consumer *c, int topic_no)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);

	assign_settle(c);
	for (size_t i = 0; i < c->table.n; i++)
		if (c->table.status[i].topic_no == topic_no && fetch_is_started(c->table.rows[i].state))
			list_row(list, &c->table.status[i], RD_KAFKA_OFFSET_INVALID);
	if (list->cnt) {
		give_rows(c, list);
		report(c, ASSIGNMENT_REVOKED, list);
		complain(c, "give partitions back", rd_kafka_incremental_unassign(c->rk, list));
	}
	rd_kafka_topic_partition_list_destroy(list);
}

void
assign_renew(struct consumer *c, size_t at)
{
	struct partition_status *s = &c->table.status[at];
	struct row *row = &c->table.rows[at];

	if (consumer_holds(c, at))
		consumer_disown(c, at, "its topic was deleted");
	row->young = row->seek_used = true;
	row->stale = row->sent >= 0 ? row->sent : s->committed;
	row->next = row->taken = row->applied = row->end = row->sent = row->goal = row->lost = -1;
	row->marks_low = row->marks_end = row->last.offset = -1;
	row->committed_known = false;
	s->low = s->end = s->position = s->stored = s->committed = -1;
	if (row->state != FETCH_NONE)
		assign_move(c, at, FETCH_MOVE, RD_KAFKA_OFFSET_BEGINNING);
}

void
assign_pause(struct consumer *c, bool on)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);

	for (size_t i = 0; i < c->table.n; i++)
		if (fetch_is_started(c->table.rows[i].state))
			list_row(list, &c->table.status[i], RD_KAFKA_OFFSET_INVALID);
	c->ever_paused |= on;
	if (on)
		rd_kafka_pause_partitions(c->rk, list);
	else
		rd_kafka_resume_partitions(c->rk, list);
	rd_kafka_topic_partition_list_destroy(list);
}

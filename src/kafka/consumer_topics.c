/* SPDX-License-Identifier: MIT */
/*
 * The topics' lives: what follows when one appears, goes, comes back, or may be another one. The library knows no
 * ids of topics. So what tells one from another is that it was seen missing, or a record: of each partition the
 * last one that was read is remembered, and compared when something happens that happens when a topic is deleted
 * and created again. Meanwhile no record is given out, so that two topics are not mixed.
 */
#include "kafka/consumer_inside.h"

#include <string.h>

enum {
	COMPARE_MS = 1000,        /* how long a comparison may take */
	COMPARE_AGAIN_MS = 1000,  /* from one to the next */
	COMPARE_LATER_MS = 10000, /* .. where it has told nothing */
	SETTLED_MS = 3000,       /* after a start metadata is asked for anyway: that alone holds up nothing */
	HOLD_MS = 5000,           /* so long nothing is given out of a topic in doubt .. */
	HOLD_STORE_MS = 10000     /* .. where records are kept, and one of another topic would spoil the store */
};

/* The row of topic NO to be compared before others that are not CHOSEN: one that gave the doubt, or the one whose
 * last record is the newest; -1 none. */
static int64_t
best_to_compare(const struct consumer *c, int no, const struct inquiry *chosen)
{
	int64_t best = -1;

	for (size_t i = c->table.base[no]; i < c->table.base[no] + c->table.count[no]; i++) {
		const struct row *row = &c->table.rows[i], *other = best >= 0 ? &c->table.rows[best] : NULL;

		if (row->last.offset < 0)
			continue;
		for (size_t k = 0; k < chosen->n_spots && row; k++)
			if (chosen->spots[k].partition == c->table.status[i].partition)
				row = NULL;
		if (row && (!other || row->suspect > other->suspect ||
			    (row->suspect == other->suspect && row->last.timestamp > other->last.timestamp)))
			best = (int64_t)i;
	}
	return best;
}

static void
compare(struct consumer *c, int no)
{
	struct topic_row *life = &c->table.life[no];
	struct inquiry *q = inquiry_new(INQUIRY_COMPARE, c->answers, NULL);
	int64_t at;

	inquiry_add_topic(q, c->table.topics[no]);
	while (q->n_spots < COMPARE_MOST && (at = best_to_compare(c, no, q)) >= 0) {
		inquiry_add_spot(q, 0, c->table.status[at].partition);
		q->spots[q->n_spots - 1].last = c->table.rows[at].last;
	}
	if (q->n_spots == 0) {
		inquiry_free(q);
		topics_event(c, no, TOPIC_UNCLEAR);
		return;
	}
	inquiry_sort(q);
	q->patience_ms = COMPARE_MS;
	q->tag = life->tag = ++c->compare_tag;
	asker_ask(c->asker, q);
}

static void
went(struct consumer *c, int no)
{
	struct err text;

	c->lost_topic = true;
	c->topics_due = c->now; /* which says it */
	for (size_t i = c->table.base[no]; i < c->table.base[no] + c->table.count[no]; i++)
		c->table.status[i].low = c->table.status[i].end = -1;
	c->table.life[no].subscribed = false;
	if (!c->group)
		assign_take_away(c, no);
	if (!c->exit_at_end)
		return;
	err_set(&text, "topic %s was deleted while it was read: it has no end any more", c->table.topics[no]);
	c->listener->said(c->ctx, LOG_ERROR, text.text, true);
}

/* Whether a keeper has records of the topic that was there before; then the run ends. */
static bool
is_kept(struct consumer *c, int no)
{
	bool kept = false;
	struct err text;

	for (size_t i = 0; c->keeper && i < c->table.count[no]; i++)
		kept = kept || c->keeper->next(c->keeper->ctx, no, (int32_t)i) >= 0;
	if (!kept)
		return false;
	c->refused = true;
	err_set(&text, "topic %s was deleted and created again, and what is stored is of the old one: use another "
		"store", c->table.topics[no]);
	c->listener->said(c->ctx, LOG_ERROR, text.text, true);
	return true;
}

static void
renew(struct consumer *c, int no)
{
	c->lost_topic = true;
	if (is_kept(c, no))
		return;
	for (size_t i = c->table.base[no]; i < c->table.base[no] + c->table.count[no]; i++)
		assign_renew(c, i);
	link_say(c, LOG_WARN, "topic %s was deleted and created again: reading it from its beginning",
		 c->table.topics[no]);
	if (c->listener->renewed)
		c->listener->renewed(c->ctx, no);
}

void
topics_event(struct consumer *c, int no, enum topic_event e)
{
	struct topic_row *life = &c->table.life[no];
	enum topic_effect effect;

	life->state = topic_next(life->state, e, &effect);
	switch (effect) {
	case TOPIC_STAYS:
	case TOPIC_APPEARED: /* its rows are young */
		break;
	case TOPIC_WENT:
		went(c, no);
		break;
	case TOPIC_COMPARE:
		life->since = c->now;
		life->cut = false;
		compare(c, no);
		break;
	case TOPIC_RETURNED:
		link_say(c, LOG_INFO, "topic %s is there again", c->table.topics[no]);
		break;
	case TOPIC_RENEWED:
		renew(c, no);
		break;
	}
}

/* What is stored of a topic may be of one that had its name before. Where that would not show by its ends, the last
 * stored records are compared before the topic starts. */
void
topics_compare_stored(struct consumer *c, const struct inquiry *q)
{
	for (size_t i = 0; c->keeper && i < q->n_spots; i++) {
		const struct inquiry_spot *spot = &q->spots[i];
		int64_t at = table_at(&c->table, spot->topic_no, spot->partition);
		struct fingerprint last;

		if (at < 0 || c->table.rows[at].last.offset >= 0 ||
		    !c->keeper->last(c->keeper->ctx, spot->topic_no, spot->partition, &last) ||
		    last.offset >= spot->end)
			continue;
		c->table.rows[at].last = last;
		c->table.life[spot->topic_no].doubt = true;
	}
	topics_look(c);
}

/* What the comparison comes to. That a partition ends before what was read is believed the second time: a broker
 * that was frozen tells of its own past for a moment. */
static enum topic_event
verdict(struct topic_row *life, const struct inquiry *q, bool is_overdue)
{
	size_t n[COMPARED_SHORT + 1] = {0};
	bool was_cut = life->cut || life->state == TOPIC_BACK;

	for (size_t i = 0; i < q->n_spots; i++)
		n[q->spots[i].compared]++;
	life->cut = n[COMPARED_SHORT] > 0;
	if (n[COMPARED_SAME])
		return TOPIC_SAME;
	if (n[COMPARED_OTHER])
		return TOPIC_OTHER;
	if (life->cut)
		return was_cut ? TOPIC_OTHER : TOPIC_DOUBT;
	return n[COMPARED_NONE] || is_overdue ? TOPIC_UNCLEAR : TOPIC_DOUBT;
}

static int64_t
hold_ms(const struct consumer *c)
{
	return c->keeper ? HOLD_STORE_MS : HOLD_MS;
}

/* How long after a comparison that came to E there is no other; a store must not take a record in doubt. */
static int64_t
again_ms(const struct consumer *c, enum topic_event e)
{
	if (e == TOPIC_UNCLEAR)
		return COMPARE_LATER_MS;
	return e == TOPIC_SAME && c->keeper ? 0 : COMPARE_AGAIN_MS;
}

static void
forget_suspects(struct consumer *c, int no)
{
	for (size_t i = c->table.base[no]; i < c->table.base[no] + c->table.count[no]; i++)
		c->table.rows[i].suspect = false;
	c->table.life[no].suspect = false;
}

void
topics_compared(struct consumer *c, const struct inquiry *q)
{
	int no = table_topic(&c->table, q->topics[0].name);
	struct topic_row *life = no >= 0 ? &c->table.life[no] : NULL;
	enum topic_event e;
	bool overdue;

	if (!life || q->tag != life->tag)
		return;
	life->tag = 0;
	if (q->ok && q->topics[0].missing) {
		topics_event(c, no, TOPIC_MISSING);
		return;
	}
	overdue = life->state == TOPIC_DOUBTED && c->now - life->since >= hold_ms(c);
	if (q->ok)
		e = verdict(life, q, overdue);
	else
		e = overdue ? TOPIC_UNCLEAR : TOPIC_DOUBT;
	life->compare_due = c->now + again_ms(c, e);
	life->doubt = e == TOPIC_UNCLEAR && overdue;
	if (e != TOPIC_DOUBT)
		forget_suspects(c, no);
	topics_event(c, no, e);
	join_begin(c); /* it may be one that is there again */
}

/* The client looked for leaders: of whatever was read of, it may be that the topic is another one. */
static void
note_requests(struct consumer *c)
{
	unsigned metadata = requests_metadata(c->requests);

	if (metadata == c->metadata)
		return;
	c->metadata = metadata;
	for (size_t i = 0; i < c->table.n_topics; i++)
		c->table.life[i].doubt = true;
}

static bool
waits(const struct topic_row *life)
{
	return life->state == TOPIC_THERE ? life->doubt
					  : (life->state == TOPIC_DOUBTED || life->state == TOPIC_BACK) && !life->tag;
}

void
topics_look(struct consumer *c)
{
	note_requests(c);
	for (size_t i = 0; i < c->table.n_topics; i++) {
		struct topic_row *life = &c->table.life[i];

		if (!waits(life) || c->now < life->compare_due)
			continue;
		life->doubt = false;
		if (life->state == TOPIC_THERE)
			topics_event(c, (int)i, TOPIC_DOUBT);
		else
			compare(c, (int)i);
	}
}

void
topics_suspect(struct consumer *c, size_t at)
{
	struct topic_row *life = table_life(&c->table, at);

	c->table.rows[at].suspect = life->suspect = true;
	life->doubt = true;
	life->compare_due = c->now;
}

int64_t
topics_compare_due(const struct consumer *c)
{
	int64_t due = INT64_MAX;

	for (size_t i = 0; i < c->table.n_topics; i++)
		if (waits(&c->table.life[i]) && c->table.life[i].compare_due < due)
			due = c->table.life[i].compare_due;
	return due;
}

bool
topics_hold(const struct consumer *c)
{
	bool settled = c->keeper || c->now - c->started_ms > SETTLED_MS;

	for (size_t i = 0; i < c->table.n_topics; i++) {
		const struct topic_row *life = &c->table.life[i];

		if (life->state == TOPIC_DOUBTED && (settled || life->suspect) && c->now - life->since < hold_ms(c))
			return true;
	}
	return false;
}

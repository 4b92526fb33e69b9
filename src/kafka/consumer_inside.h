/* SPDX-License-Identifier: MIT */
/*
 * The consumer's inside, shared by its files. What consumer.h offers is in
 *   consumer.c           making and leaving
 *   consumer_round.c     from poll to release, and the record that is being stored
 *   consumer_tick.c      the timers
 *   consumer_commands.c  what the user wants
 *   consumer_status.c
 *   consumer_learn.c     inquiries and what their answers say
 * and rests on
 *   join.c               looking for the topics, and joining the group
 *   consumer_topics.c    topics that appear, go, and come back as others
 *   assign.c             who has which partition, and where it starts
 *   batch.c              what messages and errors become
 *   commit.c
 *   link.c               what is wrong, in a sentence
 *
 * librdkafka's callbacks run inside a poll and only note what is to be done: the
 * batch being gathered still belongs to the assignment before. The work is done
 * by assign_work at the head of the next poll, with no batch in hand, so that
 * nothing is lost or read twice by a rebalance or a change of position.
 */
#ifndef KAFKA_CONSUMER_INSIDE_H
#define KAFKA_CONSUMER_INSIDE_H

#include "kafka/consumer.h"
#include "kafka/fault.h"
#include "kafka/requests.h"
#include "kafka/start.h"
#include "kafka/table.h"
#include "kafka/trouble.h"

#include <librdkafka/rdkafka.h>

/* When what is stored is committed. */
enum {
	COMMIT_MS = 5000,     /* commit mode auto */
	COMMIT_RETRY_MS = 100 /* .. while a rejoin is under way */
};

enum protocol { PROTOCOL_NONE, PROTOCOL_EAGER, PROTOCOL_COOPERATIVE };
enum rebalance { REBALANCE_NONE, REBALANCE_ASSIGN, REBALANCE_REVOKE };

/* The record that is being stored. */
struct held {
	rd_kafka_message_t *message; /* NULL: none */
	int topic_no;
	int32_t partition;
	int64_t since, ms;   /* mono ms; how long it will take */
	bool paused;         /* it takes long enough that the partitions are paused */
	const char *gone;    /* it is not ours to commit any more: why; NULL: it is */
};

struct consumer {
	rd_kafka_t *rk;
	rd_kafka_queue_t *queue; /* the one polled: the consumer's, when leaving one of its own */
	int event, epoll;        /* librdkafka writes to event; epoll is what the engine watches */
	struct mailbox *answers;
	struct asker *asker;
	struct table table;
	const struct consumer_listener *listener;
	void *ctx;
	char *brokers, *group; /* group: NULL without one */
	bool cooperative, static_member; /* as the properties say */
	enum policy policy;
	enum commit_mode commit;
	struct seek seek;
	bool exit_at_end;
	const struct keeper *keeper;
	bool refused;            /* by the keeper: what it says is of another topic, and nothing is committed */
	int64_t now, polled; /* mono ms: the last tick, the last poll */
	size_t in_a_row;     /* records since the queue was empty */
	int64_t nudged;      /* mono ms: when the library's threads were woken */
	char *user, *password; /* for SASL, as configured; empty without */
	int64_t max_poll_ms, session_ms;

	rd_kafka_message_t **batch;
	size_t n_batch;
	size_t n_batch_rows, *batch_rows; /* of which it has records, while it is sorted out */
	rd_kafka_topic_t *last_rkt; /* of the batch in hand, with its number */
	int last_topic_no;

	bool started, leaving, left, joined; /* joined: an assignment came, once */
	bool paused, resting;                /* by the engine; by ourselves near max.poll.interval.ms */
	bool ever_paused;
	struct held held;
	bool slow_said;                      /* that a record takes longer than max.poll.interval.ms */
	size_t moving;                       /* rows that are (fetch_is_moving) */
	enum rebalance rebalance;            /* noted, not yet done */
	rd_kafka_topic_partition_list_t *rebalance_list;
	bool rebalance_lost;
	rd_kafka_topic_partition_list_t *lookup; /* ours, but not started: their start offsets are being asked for */
	uint64_t lookup_tag;
	int lookup_tries;
	int64_t lookup_due;     /* mono ms: when they are asked for again; INT64_MAX: an answer is awaited */
	enum protocol protocol; /* of the assignment we have */
	enum group_state group_state;
	int64_t joining_since;
	int64_t long_said; /* the joining_since that was explained */
	int32_t generation;
	char member[128];

	size_t subscribed; /* topics the subscription holds */
	bool topics_asked; /* an inquiry is out */
	int64_t started_ms; /* mono ms: when partitions were given to librdkafka last */
	bool lost_topic;   /* one was deleted: the library may keep a partition of it, and wait for that without end */
	unsigned metadata; /* requests that were noted (requests_metadata) */
	uint64_t compare_tag;
	int64_t topics_due;

	int64_t commit_due;
	bool commit_ends;   /* mode each: an end was met that is to be committed behind the records */
	uint64_t commits_sent, commits_answered;
	uint64_t commit_wanted; /* the one that commit_now waits for; 0 none */
	bool commit_later;      /* commit_now, as soon as no rejoin is under way */
	struct requests *requests;

	enum link_state link;
	bool was_up;   /* a broker has answered, once */
	int64_t alive; /* mono ms of the last sign of life */
	struct troubles troubles; /* of single brokers */
	struct err link_problem, topic_problem, read_problem, commit_problem, group_problem;
	size_t problems; /* rows with a problem text */
};

/* The library's partitions are paused, whoever wants it so. */
static inline bool
consumer_is_still(const struct consumer *c)
{
	return c->paused || c->resting || c->held.paused;
}

/* The record in hand is one of the partition at row AT. */
static inline bool
consumer_holds(const struct consumer *c, size_t at)
{
	return c->held.message && table_at(&c->table, c->held.topic_no, c->held.partition) == (int64_t)at;
}

/* The record in hand, one of the partition at row AT, is not ours to commit any more. */
static inline void
consumer_disown(struct consumer *c, size_t at, const char *why)
{
	c->held.gone = why;
	c->table.rows[at].taken = c->table.rows[at].applied;
}

/* join.c */
void join_begin(struct consumer *c); /* with the topics that are there, once it was started */
void join_ask(struct consumer *c);
void join_answer(struct consumer *c, const struct inquiry *q);       /* INQUIRY_TOPICS */
void join_explain(const struct consumer *c, char *out, size_t size); /* why it takes long; empty: it does not */
void join_say_long(struct consumer *c); /* who only reads the log learns once why nothing comes */

/* consumer_topics.c */
void topics_event(struct consumer *c, int no, enum topic_event e);      /* and what follows from it */
void topics_compare_stored(struct consumer *c, const struct inquiry *q); /* an answered INQUIRY_PLACES */
void topics_compared(struct consumer *c, const struct inquiry *q);      /* INQUIRY_COMPARE */
void topics_look(struct consumer *c);                                   /* into what is in doubt and due */
void topics_suspect(struct consumer *c, size_t row);                    /* its offsets are not those of before */
int64_t topics_compare_due(const struct consumer *c);                   /* when topics_look has to be called */
bool topics_hold(const struct consumer *c);                             /* nothing may be given out */

/* assign.c */
void assign_noted(struct consumer *c, rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t *list);
bool assign_has_work(const struct consumer *c);
void assign_work(struct consumer *c);
void assign_ask(struct consumer *c);                             /* the offsets of the lookup, again */
void assign_answer(struct consumer *c, const struct inquiry *q); /* INQUIRY_PLACES */
void assign_all(struct consumer *c);                             /* no group: whatever is known and not ours yet */
void assign_note(struct consumer *c, size_t row, enum fetch_event e);
void assign_move(struct consumer *c, size_t row, enum fetch_event e, int64_t target); /* E leaves it to be moved */
void assign_renew(struct consumer *c, size_t row);    /* its topic is another one: nothing of before is known of it */
void assign_take_away(struct consumer *c, int topic_no); /* no group: the topic is gone */
void assign_settle(struct consumer *c); /* start what is being asked for, with what is known */
void assign_pause(struct consumer *c, bool on);
int64_t assign_policy_offset(const struct consumer *c, size_t row);  /* logical */
const char *assign_policy_end(const struct consumer *c, size_t row); /* "beginning" or "end" */

/* batch.c */
int batch_topic(struct consumer *c, rd_kafka_topic_t *rkt);              /* its number */
size_t batch_sort_out(struct consumer *c, size_t n, struct record *out); /* of N messages keep the records */
void batch_release(struct consumer *c);

/* commit.c */
void commit_answered(rd_kafka_t *rk, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *list, void *opaque);
size_t commit_pending(const struct consumer *c); /* rows that commit_stored would send */
void commit_applied(struct consumer *c, size_t row, int64_t next); /* all before NEXT is: what to commit */
void commit_end(struct consumer *c, size_t row, int64_t end);      /* it ends there */
size_t commit_stored(struct consumer *c, const rd_kafka_topic_partition_list_t *only); /* NULL: every row */
void commit_send(struct consumer *c, rd_kafka_topic_partition_list_t *list); /* the answer comes later */
bool commit_record(struct consumer *c, size_t row, int64_t next, struct err *err); /* waits for the answer */

/* link.c */
void link_alive(struct consumer *c);
void link_whole(struct consumer *c); /* every leader answered */
void link_error(rd_kafka_t *rk, int code, const char *text, void *opaque);
void link_silent(struct consumer *c, const struct err *err); /* the asker got no answer */
void link_say(struct consumer *c, enum log_level level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Put WHAT into STORE until it is cleared, and say it unless it stands there already. */
void link_remember(struct consumer *c, struct err *store, const struct err *what, bool stop);

/* Explain CODE and remember it in STORE until it is cleared; said once while it lasts. */
void link_once(struct consumer *c, struct err *store, enum fault_doing doing, int code, const char *topic);

/* The same; but what the client gets over by itself is said and not remembered. */
void link_problem(struct consumer *c, struct err *store, int code, const char *text);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The consumer: topics read in a group or without one, with positions, commits
 * and the offset policy kept by us, not by librdkafka (which is created with no
 * auto commit, no auto store and auto.offset.reset=error).
 *
 * One thread owns it; the listener is called on that thread, from inside poll,
 * tick, leave and the commands. Nothing here waits for a broker, except
 * consumer_applied and consumer_stored in commit mode `each` (one synchronous
 * commit, and before it up to session.timeout.ms while the group is being joined
 * anew) and, up to 1.5 s for the same, consumer_leave. What has to
 * be known before a partition can start (its marks, what is committed) is asked
 * of the asker while polling goes on.
 *
 * The round: consumer_poll, use the records, consumer_applied, consumer_release.
 * Commands may be given between rounds only. When the fd is readable, poll until
 * 0 comes back.
 */
#ifndef KAFKA_CONSUMER_H
#define KAFKA_CONSUMER_H

#include "base/log.h"
#include "kafka/asker.h"
#include "kafka/client.h"
#include "kafka/seek.h"
#include "model/record.h"
#include "model/status.h"

enum { CONSUMER_BATCH = 10000 };

/* Who keeps what is read, beside the group: it knows where a partition goes on, and of which cluster it is.
 * Called on the consumer's thread, with a partition's place before it starts. */
struct keeper {
	/* Whether it keeps what comes from CLUSTER (its id; empty: it has none). */
	bool (*claim)(void *ctx, const char *cluster, struct err *err);

	/* The offset behind the last one that it has been given; -1 none. */
	int64_t (*next)(void *ctx, int topic_no, int32_t partition);

	/* The last record that it holds of a partition, without its hash; false: none, or its time is not known. */
	bool (*last)(void *ctx, int topic_no, int32_t partition, struct fingerprint *out);

	/* The partition is read from OFFSET on; negative: from an end of it. */
	void (*starts)(void *ctx, int topic_no, int32_t partition, int64_t offset);
	void *ctx;
};

struct consumer_config {
	struct kafka_config kafka;
	const char *const *topics;
	size_t n_topics;
	const char *group; /* NULL: none is joined, every partition is read, nothing is committed */
	enum policy policy;
	enum commit_mode commit; /* COMMIT_NONE without a group */
	struct seek seek;        /* spent on each partition's first assignment */
	bool exit_at_end;        /* consumer_at_end: the end offsets when a partition was first assigned */
	bool check_crcs;         /* what was damaged on its way or on a disk is not taken; a property wins over it */
	const struct keeper *keeper; /* the later of its place and the group's is where we start; NULL: none */
};

struct consumer_listener {
	/* Partitions came or went; `time` is left for the listener to fill. */
	void (*assigned)(void *ctx, struct assignment *a);

	/* A sentence for the user. STOP: trying on makes no sense. */
	void (*said)(void *ctx, enum log_level level, const char *sentence, bool stop);

	/* A commit asked for by consumer_commit_now was answered. */
	void (*committed)(void *ctx, size_t partitions, const char *problem);

	/* Partitions are about to be taken away: what was taken and is not applied has its last chance. May be NULL. */
	void (*leaving)(void *ctx);

	/* The topic was deleted and created again: offsets of before mean nothing any more. May be NULL. */
	void (*renewed)(void *ctx, int topic_no);
};

struct consumer;

/* -X enable.auto.commit, enable.auto.offset.store and auto.offset.reset among the
 * properties choose the starting modes, group.id the group. The asker is borrowed. */
struct consumer *consumer_new(const struct consumer_config *config, struct asker *asker,
			      const struct consumer_listener *listener, void *ctx, struct err *err);

/* Join the group, or start assigning the partitions where there is none, as soon
 * as a topic is found. Until then the topics are looked for, and nothing is joined. */
void consumer_start(struct consumer *c);

int consumer_fd(const struct consumer *c);

/* Have consumer_fd readable when FD is, too. */
bool consumer_watch(struct consumer *c, int fd, struct err *err);
size_t consumer_poll(struct consumer *c, struct record *out, size_t cap); /* CAP up to CONSUMER_BATCH; mode each: one */
void consumer_applied(struct consumer *c, const struct record *r, size_t n);
void consumer_release(struct consumer *c);

/* A record is committed before the next is taken: mode each. */
bool consumer_one_by_one(const struct consumer *c);

/* Keep the record just taken, which is being stored for MS, in hand until consumer_release:
 * meanwhile poll serves the group, but returns no record. Commands may be given. False, and
 * nothing is kept, unless the mode is each. */
bool consumer_hold(struct consumer *c, int64_t ms);

/* R, the record in hand, was stored: applied and committed. Not when its partition was taken
 * away or moved meanwhile: who starts there next reads it again. WHY it was not committed. */
enum commit_result consumer_stored(struct consumer *c, const struct record *r, struct err *why);

/* Timers, on the monotonic clock: call when due, and after each round. */
void consumer_tick(struct consumer *c, int64_t now_ms);
int64_t consumer_due(const struct consumer *c);

/* While paused, poll serves the group but returns no record. */
void consumer_pause(struct consumer *c, bool on);

/* Every assigned partition to one end, how many; from here on no record of before comes. */
size_t consumer_seek_all(struct consumer *c, bool to_end);

/* Commit TO for every assigned partition, whatever the mode, and go on reading there; PLACES is
 * an answered INQUIRY_PLACES about them. How many; the listener hears the answer. */
size_t consumer_reset(struct consumer *c, const struct inquiry *places, const struct seek *to);

struct policy_change {
	size_t kept;  /* partitions that have a committed offset */
	size_t moved; /* put to the policy's end */
};
struct policy_change consumer_set_policy(struct consumer *c, enum policy policy);

/* False without a group. */
bool consumer_set_commit(struct consumer *c, enum commit_mode mode, struct err *err);

/* Commit what is stored; how many partitions that is, the listener hears the answer. */
size_t consumer_commit_now(struct consumer *c);

/* Fills all of OUT but note and now; OUT's partitions stay the consumer's, good until the next call. */
void consumer_status(struct consumer *c, struct source_status *out);

/* Every assigned partition was read to the end it had when it was first assigned (exit_at_end). */
bool consumer_at_end(const struct consumer *c);

/* Take over what an answered inquiry says (marks, or our own group's commits); Q stays the caller's. */
void consumer_learn(struct consumer *c, const struct inquiry *q);

/* An inquiry about every partition known; NULL while there is none. */
struct inquiry *consumer_inquire(const struct consumer *c, enum inquiry_kind kind, struct mailbox *reply,
				 const char *group);

/* Commit what is stored when the mode commits and leave the group: then go on
 * polling until consumer_left. */
void consumer_leave(struct consumer *c);
bool consumer_left(struct consumer *c);

/* False when the library could not be ended (leaving has not ended, or the group
 * was left at the moment where ending it would abort, or a topic was deleted): its threads go on, and
 * the program must end by _exit. */
bool consumer_free(struct consumer *c);

#endif

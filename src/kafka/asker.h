/* SPDX-License-Identifier: MIT */
/*
 * The asker: a thread with a client of its own that makes every call that would
 * have to wait for a broker. Questions and answers are the same letter, struct
 * inquiry: filled in, handed over by asker_ask, answered, posted to its `reply`
 * mailbox; ownership goes along. One question at a time, in the order asked.
 */
#ifndef KAFKA_ASKER_H
#define KAFKA_ASKER_H

#include "base/err.h"
#include "base/mailbox.h"
#include "kafka/client.h"
#include "kafka/fingerprint.h"

#include <stdint.h>

enum inquiry_kind {
	INQUIRY_TOPICS, /* how many partitions each topic has; asked by name where some are known */
	INQUIRY_CATALOG, /* every topic but Kafka's own (__*), by name, with low and end of its partitions */
	INQUIRY_MARKS,  /* low and end of each spot */
	INQUIRY_PLACES, /* the marks, the offset at `time`, and what `group` committed, each where asked for */
	INQUIRY_COMPARE, /* of the one topic: whether each spot's `last` is still what is at its offset */
	INQUIRY_GROUP,  /* what `group` committed, its members with what they own of the spots, and then the ends of
			 * the topics it has to do with: asked after the commits, so that no commit is ahead of them */
	INQUIRY_GROUPS, /* every group of the cluster that we may see, by name */
	INQUIRY_RESET,  /* commit each spot's `at` for `group`, which must have no members; ok: all were committed */
	INQUIRY_CREATE  /* make the one topic named, with so many `partitions` */
};

/* Whether the members of a group are listed, and if not, why (members_reason). */
enum members_known {
	MEMBERS_KNOWN,
	MEMBERS_HIDDEN,      /* a group of the new protocol: there, but this library cannot list its members */
	MEMBERS_UNSUPPORTED, /* the broker has no such call (the embedded one) */
	MEMBERS_DENIED,      /* we may not describe it */
	MEMBERS_UNANSWERED   /* its coordinator did not say */
};

struct inquiry_topic {
	char *name;
	int32_t partitions; /* -1 unknown. In a question: as many as are known */
	bool missing;       /* the brokers know no such topic; `problem` says it */
	struct err problem; /* empty: all is well; else why it cannot be read, with the nearest name */
};

/* INQUIRY_COMPARE has no more spots, and answers with the first that decides. */
enum { COMPARE_MOST = 4 };

enum compared {
	COMPARED_UNKNOWN, /* no answer */
	COMPARED_NONE,    /* the record was deleted or compacted away */
	COMPARED_READING, /* the asker's */
	COMPARED_SAME,
	COMPARED_OTHER,   /* another record is at its offset */
	COMPARED_SHORT    /* the partition ends before it */
};

struct inquiry_spot { /* a partition; all offsets -1 unknown */
	int topic_no;
	int32_t partition;
	int64_t low, end;
	int64_t at;        /* first offset at `time` or later */
	int64_t committed; /* -1 also when the group never committed */
	int64_t read;      /* where the consumer who asked had read up to: the same topic does not end before */
	struct fingerprint last; /* INQUIRY_COMPARE: the last record that was read */
	enum compared compared;
	int member;        /* who owns it: index into members, -1 nobody */
	const char *refused; /* INQUIRY_RESET: why `at` was not committed, the library's words; NULL: it was */
};

struct inquiry_member {
	char id[128], client[64], host[64];
	size_t owns; /* partitions, of any topic */
};

struct inquiry_group {
	char *name;
	char state[24];    /* "Stable", "Empty", "PreparingRebalance" ..; empty: unknown */
	char type[32];     /* its protocol's: "consumer", "connect" ..; empty: it only commits, or unknown */
	char assignor[64]; /* "range" ..; empty: none, or unknown */
	enum members_known known;
	int members; /* -1 unknown: `known` says why */
};

/* INQUIRY_GROUPS names no more than these; the others are counted. */
enum { INQUIRY_GROUPS_MOST = 100000 };

struct inquiry {
	enum inquiry_kind kind;
	struct mailbox *reply;
	uint64_t tag; /* the asker's customer's own */
	char *group;  /* NULL: no committed offsets are asked for */
	struct inquiry_topic *topics;
	size_t n_topics;
	struct inquiry_spot *spots; /* sorted by topic_no, then partition */
	size_t n_spots;
	int64_t time;      /* ms; -1: not asked */
	bool no_members;   /* INQUIRY_GROUP: leave its members out */
	bool commits_only; /* INQUIRY_GROUP: leave its members and the ends out */
	int replication;   /* INQUIRY_CREATE: replicas of each partition; -1: as the brokers do by default */
	int patience_ms;   /* how long each call may wait for a broker; 0: 5 s */

	bool unanswered; /* no broker answered: asked again it may succeed */
	bool ok;        /* false: `err` says why; what was learned before that stands in the spots */
	bool embedded;  /* INQUIRY_TOPICS, CATALOG, GROUP, GROUPS: it is an embedded broker, ours or another's */
	bool times;     /* the broker translates times to offsets */
	char cluster[128]; /* INQUIRY_PLACES: the cluster's id; empty: it has none, or unknown */
	bool committed; /* the spots' `committed` are known: -1 is "never" */
	struct err err; /* INQUIRY_GROUP, and ok: why a half of it, offsets or members, is not known */
	enum members_known known;
	struct inquiry_member *members;
	size_t n_members;
	struct inquiry_group *groups; /* INQUIRY_GROUP: the one asked about, none where the brokers list no such */
	size_t n_groups, groups_left; /* left: more than INQUIRY_GROUPS_MOST */
};

/* Half a sentence: "its protocol is the new one" .. */
const char *members_reason(enum members_known known);

struct inquiry *inquiry_new(enum inquiry_kind kind, struct mailbox *reply, const char *group);
int inquiry_add_topic(struct inquiry *q, const char *name); /* its topic_no */

/* A partition to be asked about, its answers unknown. When all are added they must be sorted. */
void inquiry_add_spot(struct inquiry *q, int topic_no, int32_t partition);
void inquiry_sort(struct inquiry *q);
struct inquiry_spot *inquiry_spot(const struct inquiry *q, int topic_no, int32_t partition); /* NULL: not asked about */

/* The topics and spots of FROM that Q does not have, behind its own; no answers. The spots are sorted then. */
void inquiry_add_spots(struct inquiry *q, const struct inquiry *from);

/* The topics that the group committed on, or of which a member owns a part: a bool for
 * each topic of Q, the caller's to free. ANY: there is one. */
bool *inquiry_group_topics(const struct inquiry *q, bool *any);
struct inquiry_group *inquiry_add_group(struct inquiry *q, const char *name); /* nothing known of it */
void inquiry_forget_topics(struct inquiry *q); /* and the spots */
void inquiry_free(struct inquiry *q);

struct asker;

struct asker *asker_new(const struct kafka_config *config, struct err *err);
void asker_ask(struct asker *a, struct inquiry *q); /* swallows Q until it comes back */

/* End the thread. False when a call still waited for a broker after TIMEOUT_MS:
 * then the asker, its client and the mailboxes of open questions must be left
 * alone, and the program ends by _exit. Questions still open are dropped. */
bool asker_free(struct asker *a, int timeout_ms);

#endif

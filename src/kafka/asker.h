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

#include <stdint.h>

enum inquiry_kind {
	INQUIRY_TOPICS, /* how many partitions each topic has */
	INQUIRY_CATALOG, /* every topic but Kafka's own (__*), by name, with low and end of its partitions */
	INQUIRY_MARKS,  /* low and end of each spot */
	INQUIRY_PLACES, /* the marks, the offset at `time`, and what `group` committed, each where asked for */
	INQUIRY_GROUP   /* what `group` committed, and its members with what they own of the spots */
};

enum members_known {
	MEMBERS_KNOWN,
	MEMBERS_HIDDEN,     /* a group of the new protocol: there, but this library cannot list its members */
	MEMBERS_UNSUPPORTED /* the broker has no such call (the embedded one) */
};

struct inquiry_topic {
	char *name;
	int32_t partitions; /* -1 unknown */
	struct err problem; /* empty: all is well; else why it cannot be read, with the nearest name */
};

struct inquiry_spot { /* a partition; all offsets -1 unknown */
	int topic_no;
	int32_t partition;
	int64_t low, end;
	int64_t at;        /* first offset at `time` or later */
	int64_t committed; /* -1 also when the group never committed */
	int member;        /* who owns it: index into members, -1 nobody */
};

struct inquiry_member {
	char id[128], client[64], host[64];
	size_t owns; /* partitions, of any topic */
};

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
	bool commits_only; /* INQUIRY_GROUP: leave its members out */

	bool ok;        /* false: `err` says why; what was learned before that stands in the spots */
	bool embedded;  /* INQUIRY_TOPICS, INQUIRY_GROUP: it is an embedded broker, ours or another's */
	bool times;     /* the broker translates times to offsets */
	bool committed; /* the spots' `committed` are known: -1 is "never" */
	struct err err;
	enum members_known known;
	struct inquiry_member *members;
	size_t n_members;
};

struct inquiry *inquiry_new(enum inquiry_kind kind, struct mailbox *reply, const char *group);
int inquiry_add_topic(struct inquiry *q, const char *name); /* its topic_no */

/* A partition to be asked about, its answers unknown. When all are added they must be sorted. */
void inquiry_add_spot(struct inquiry *q, int topic_no, int32_t partition);
void inquiry_sort(struct inquiry *q);
struct inquiry_spot *inquiry_spot(const struct inquiry *q, int topic_no, int32_t partition); /* NULL: not asked about */
void inquiry_free(struct inquiry *q);

struct asker;

struct asker *asker_new(const struct kafka_config *config, struct err *err);
void asker_ask(struct asker *a, struct inquiry *q); /* swallows Q until it comes back */

/* End the thread. False when a call still waited for a broker after TIMEOUT_MS:
 * then the asker, its client and the mailboxes of open questions must be left
 * alone, and the program ends by _exit. Questions still open are dropped. */
bool asker_free(struct asker *a, int timeout_ms);

#endif

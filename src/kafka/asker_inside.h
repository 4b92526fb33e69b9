/* SPDX-License-Identifier: MIT */
/*
 * The asker's inside, shared by its two files: asker.c (the thread, topics, marks
 * and times) and asker_group.c (consumer groups). All of it runs on the asker's
 * thread.
 */
#ifndef KAFKA_ASKER_INSIDE_H
#define KAFKA_ASKER_INSIDE_H

#include "kafka/asker.h"

#include <librdkafka/rdkafka.h>
#include <stdatomic.h>

/* A call's patience, where the question does not say. */
enum { CALL_MS = 5000 };

/* What a group committed is asked through a client that names it. This many are
 * kept, each with a connection or two: the one not asked for longest makes room. */
enum { GROUP_CLIENTS = 8 };

struct group_client {
	char *name; /* NULL: the place is free */
	rd_kafka_t *rk;
	uint64_t used; /* the clock of asker.group_calls */
};

struct asker {
	rd_kafka_t *rk;
	rd_kafka_conf_t *conf; /* rk's */
	struct group_client groups[GROUP_CLIENTS];
	uint64_t group_calls;
	struct mailbox *questions;
	struct thread *thread;
	atomic_bool stopping;
	char *brokers;
	bool was_up;
	bool unanswered; /* the call under way got no answer */
	int patience_ms; /* of a call, for the question under way */
	bool reached;    /* the last call was answered */
	int vain_ms;     /* waited for brokers since then */
	struct err last; /* the client's last complaint since then: a call that fails only says that it failed */
};

void asker_begin(struct asker *a); /* before a call */

/* True when CODE is no error; otherwise the best reason known goes into Q. */
bool asker_end(struct asker *a, struct inquiry *q, int code, const char *text);

bool asker_embedded(struct asker *a);

/* Whether Q's first topic is there, asked by its name. */
bool asker_topic_there(struct asker *a, struct inquiry *q);

/* Low and end of Q's spots. */
bool asker_marks(struct asker *a, struct inquiry *q);
rd_kafka_topic_partition_list_t *asker_spot_list(const struct inquiry *q, int64_t offset);

/* The end of each spot whose topic is one of TOPICS, a bool each. */
bool asker_ends(struct asker *a, struct inquiry *q, const bool *topics);

/* What Q's group committed. */
bool asker_committed(struct asker *a, struct inquiry *q);

/* The answers to INQUIRY_GROUP, INQUIRY_GROUPS and INQUIRY_RESET. */
bool asker_group(struct asker *a, struct inquiry *q);
bool asker_groups(struct asker *a, struct inquiry *q);
bool asker_reset(struct asker *a, struct inquiry *q);

/* The answer to INQUIRY_COMPARE (asker_compare.c). */
bool asker_compare(struct asker *a, struct inquiry *q);

/* The answer to INQUIRY_CREATE (asker_create.c). */
bool asker_create(struct asker *a, struct inquiry *q);
void asker_forget_groups(struct asker *a); /* end all clients of groups */

#endif

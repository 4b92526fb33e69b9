/* SPDX-License-Identifier: MIT */
/*
 * From options to the cluster they name: brokers, credentials and properties as
 * the Kafka layer takes them, and what is read from it. Main thread.
 */
#ifndef CLUSTER_H
#define CLUSTER_H

#include "conf/options.h"
#include "engine/feed_kafka.h"

struct cluster;

/* What only the program's edge knows. */
struct cluster_user {
	const char *keystore_password; /* EXPTOP_KEYSTORE_PASSWORD, NULL: not set */

	/* Ask for the password of FILE; false when there is nobody to ask. */
	bool (*prompt)(void *ctx, const char *file, struct buf *password);
	struct strings *warnings; /* remarks on the credentials, for stderr */
};

/* NULL with a sentence when a credential cannot be used. O must outlive it. */
struct cluster *cluster_new(const struct options *o, const struct cluster_user *user, struct err *err);
void cluster_free(struct cluster *c);

/* How to reach it; the cluster's own. */
const struct kafka_config *cluster_kafka(const struct cluster *c);

/* What --demo knows better than the options; NULL: as they say. */
struct cluster_demo {
	const char *brokers, *topic, *group;
};

/* The records of the options' topics, not started; the cluster must outlive it. One
 * feed a cluster. NULL with a sentence when brokers or a topic were not named. */
struct feed *cluster_feed(struct cluster *c, const struct cluster_demo *demo, enum join join, struct err *err);

/* The topics that such a feed reads, N; the cluster's own. */
const char *const *cluster_names(struct cluster *c, const struct cluster_demo *demo, size_t *n);

/* KEEPER (borrowed) keeps what is read, as the member INSTANCE (borrowed) of a group; for before cluster_feed(). */
void cluster_keep(struct cluster *c, const struct keeper *keeper, const char *instance);

/* A feed that only lists the cluster's topics; for before that one. The cluster's brokers must be known. */
struct feed *cluster_topics(struct cluster *c);

/* TOPIC (borrowed) is read, whatever the options name; NULL: what they name. */
void cluster_choose(struct cluster *c, const char *topic);

#endif

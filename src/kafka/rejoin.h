/* SPDX-License-Identifier: MIT */
/*
 * Whether the client is joining its group anew just now: from its JoinGroup to
 * the answer to its SyncGroup. Under a cooperative assignor it keeps partitions
 * and reads on meanwhile, but what it commits waits behind the JoinGroup, arrives
 * with the generation of before, and costs it all its partitions, uncommitted.
 * So a commit has to wait. The library says nothing of it but to interceptors,
 * which its threads call; all others belong to the thread that owns the client.
 */
#ifndef KAFKA_REJOIN_H
#define KAFKA_REJOIN_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

struct rejoin;

/* Watches the client that is made of CONF; it must outlive that client. */
struct rejoin *rejoin_new(rd_kafka_conf_t *conf);
void rejoin_free(struct rejoin *r);

bool rejoin_under_way(struct rejoin *r);
void rejoin_wait(struct rejoin *r, int timeout_ms); /* until none is under way */
void rejoin_over(struct rejoin *r);                 /* the group has answered by other means */

#endif

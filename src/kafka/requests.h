/* SPDX-License-Identifier: MIT */
/*
 * What the consumer's client asks the brokers, as far as the library tells it to interceptors alone, which its
 * threads call; all else here belongs to the thread that owns the client.
 *
 * Whether it is joining its group anew just now: from its JoinGroup to the answer to its SyncGroup. Under a
 * cooperative assignor it keeps partitions and reads on meanwhile, but what it commits waits behind the JoinGroup,
 * arrives with the generation of before, and costs it all its partitions, uncommitted. So a commit has to wait.
 *
 * How often it asked for metadata: rarely, unless a partition was not where it was read, be it that its leader
 * changed or that its topic was deleted.
 */
#ifndef KAFKA_REQUESTS_H
#define KAFKA_REQUESTS_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

struct requests;

/* Watches the client that is made of CONF; it must outlive that client. */
struct requests *requests_new(rd_kafka_conf_t *conf);
void requests_free(struct requests *r);

bool requests_rejoining(struct requests *r);
void requests_wait_rejoin(struct requests *r, int timeout_ms); /* until none is under way */
void requests_rejoined(struct requests *r);                 /* the group has answered by other means */

unsigned requests_metadata(struct requests *r); /* how many were sent */

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The consumer that the figures are ratios of: librdkafka alone, whole batches
 * from the consumer queue, from the first record of TOPIC to the last.
 *
 * Usage of every program made from it: PROGRAM BROKERS TOPIC [PROPERTY=VALUE..]
 * It prints `records_per_s N`, from the first batch's arrival to the last record.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <librdkafka/rdkafka.h>

typedef void (*peer_look)(const rd_kafka_message_t *m); /* what is done with each; NULL: nothing */

int peer_main(int argc, char **argv, peer_look look);

#endif

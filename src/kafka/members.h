/* SPDX-License-Identifier: MIT */
/* What the brokers say of a group's members, for the asker only. */
#ifndef KAFKA_MEMBERS_H
#define KAFKA_MEMBERS_H

#include "kafka/asker.h"

#include <librdkafka/rdkafka.h>

/* Fill Q's members, and which of its spots each owns. An assignment is what some
 * other client wrote: one that cannot be read owns nothing. */
void members_take(struct inquiry *q, const struct rd_kafka_group_info *group);

#endif

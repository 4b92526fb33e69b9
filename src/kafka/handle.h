/* SPDX-License-Identifier: MIT */
/*
 * Making an rd_kafka_t from a kafka_config, for the files of this folder only:
 * its log goes to base/log.h ("librdkafka"), its errors become sentences.
 */
#ifndef KAFKA_HANDLE_H
#define KAFKA_HANDLE_H

#include "base/err.h"
#include "kafka/client.h"

#include <librdkafka/rdkafka.h>

enum handle_log {
	HANDLE_LOG,  /* the library's own levels */
	HANDLE_QUIET /* all as debug: a second client that repeats the first one's complaints */
};

/* A configuration with our defaults, then CONFIG's properties. NULL with a
 * sentence when a property is unknown or has a bad value. */
rd_kafka_conf_t *handle_conf(const struct kafka_config *config, enum handle_log log, struct err *err);

/* Set LIST's N properties in order, over what CONF has. */
bool handle_set(rd_kafka_conf_t *conf, const struct kafka_property *list, size_t n, struct err *err);

/* Swallows CONF, also when it fails. */
rd_kafka_t *handle_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, struct err *err);

/* The value CONF has for NAME, as a number; -1 when it is none. */
long handle_conf_number(const rd_kafka_conf_t *conf, const char *name);

#endif

/* SPDX-License-Identifier: MIT */
#include "kafka/handle.h"

#include "base/log.h"
#include "kafka/fault.h"
#include "model/credentials.h"

#include <stdio.h>
#include <stdlib.h>

enum { LIBRARY_TEXT = 512 };

/* Syslog's levels (0..7) to ours. */
static enum log_level
level_of(int level)
{
	return level <= 3 ? LOG_ERROR : level == 4 ? LOG_WARN : level <= 6 ? LOG_INFO : LOG_DEBUG;
}

static void
write_log(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
	(void)rk;
	log_write(level_of(level), "librdkafka", "%s: %s", facility, text);
}

static void
write_log_quietly(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
	(void)rk;
	(void)level;
	log_write(LOG_DEBUG, "librdkafka", "asker: %s: %s", facility, text);
}

static bool
set(rd_kafka_conf_t *conf, const char *name, const char *value, struct err *err)
{
	char said[LIBRARY_TEXT];

	switch (rd_kafka_conf_set(conf, name, value, said, sizeof(said))) {
	case RD_KAFKA_CONF_OK:
		return true;
	case RD_KAFKA_CONF_UNKNOWN:
		return err_set(err, "librdkafka has no property %s; its CONFIGURATION.md lists those it has", name);
	default:
		if (credentials_secret(name))
			return err_set(err, "librdkafka does not take the value of %s", name);
		return err_set(err, "librdkafka does not take the value of %s: %s", name, said);
	}
}

bool
handle_set(rd_kafka_conf_t *conf, const struct kafka_property *list, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (!set(conf, list[i].name, list[i].value, err))
			return false;
	return true;
}

rd_kafka_conf_t *
handle_conf(const struct kafka_config *config, enum handle_log log, struct err *err)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	const struct kafka_property ours[] = {
		{"client.id", "exptop"},
		{"reconnect.backoff.max.ms", "2000"}, /* somebody is watching: not the library's 10 s */
		{"bootstrap.servers", config->brokers ? config->brokers : ""},
	};

	rd_kafka_conf_set_log_cb(conf, log == HANDLE_QUIET ? write_log_quietly : write_log);
	if (handle_set(conf, ours, config->brokers ? 3 : 2, err) &&
	    handle_set(conf, config->properties, config->n_properties, err))
		return conf;
	rd_kafka_conf_destroy(conf);
	return NULL;
}

rd_kafka_t *
handle_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, struct err *err)
{
	char said[LIBRARY_TEXT];
	rd_kafka_t *rk = rd_kafka_new(type, conf, said, sizeof(said));

	if (rk)
		return rk;
	fault_of_creation(said, err);
	rd_kafka_conf_destroy(conf);
	return NULL;
}

long
handle_conf_number(const rd_kafka_conf_t *conf, const char *name)
{
	char value[64];
	size_t size = sizeof(value);
	char *end;
	long number;

	if (rd_kafka_conf_get(conf, name, value, &size) != RD_KAFKA_CONF_OK)
		return -1;
	number = strtol(value, &end, 10);
	return end == value || *end ? -1 : number;
}

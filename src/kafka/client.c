/* SPDX-License-Identifier: MIT */
#include "kafka/client.h"

#include "kafka/handle.h"

#include <string.h>

const char *
kafka_property(const struct kafka_config *config, const char *name)
{
	for (size_t i = config->n_properties; i-- > 0;)
		if (strcmp(config->properties[i].name, name) == 0)
			return config->properties[i].value;
	return NULL;
}

bool
kafka_config_check(const struct kafka_config *config, struct err *err)
{
	rd_kafka_conf_t *conf = handle_conf(config, HANDLE_QUIET, err);

	if (conf)
		rd_kafka_conf_destroy(conf);
	return conf != NULL;
}

/* SPDX-License-Identifier: MIT */
#include "kafka/client.h"

#include <string.h>

const char *
kafka_property(const struct kafka_config *config, const char *name)
{
	for (size_t i = config->n_properties; i-- > 0;)
		if (strcmp(config->properties[i].name, name) == 0)
			return config->properties[i].value;
	return NULL;
}

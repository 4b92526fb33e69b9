/* SPDX-License-Identifier: MIT */
/* A consumer that reads the record_name header of each message. */
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>

static void
look(const rd_kafka_message_t *m)
{
	rd_kafka_headers_t *headers;
	const void *value;
	size_t n;

	if (rd_kafka_message_headers(m, &headers) || rd_kafka_header_get_last(headers, "record_name", &value, &n)) {
		fprintf(stderr, "a message without record_name\n");
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	return peer_main(argc, argv, look);
}

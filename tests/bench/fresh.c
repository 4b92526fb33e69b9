/* SPDX-License-Identifier: MIT */
/* A consumer that opens an avro_file_reader over each message, as avro-c's manual shows. */
#include "peer.h"

#include <avro.h>
#include <stdio.h>
#include <stdlib.h>

static void
look(const rd_kafka_message_t *m)
{
	FILE *file = fmemopen(m->payload, m->len, "rb");
	avro_file_reader_t reader;
	avro_schema_t schema;
	avro_value_iface_t *iface;
	avro_value_t value;

	if (!file || avro_file_reader_fp(file, "message", 1, &reader)) {
		fprintf(stderr, "no container: %s\n", avro_strerror());
		exit(1);
	}
	schema = avro_file_reader_get_writer_schema(reader);
	iface = avro_generic_class_from_schema(schema);
	avro_generic_value_new(iface, &value);
	while (avro_file_reader_read_value(reader, &value) == 0)
		avro_value_reset(&value);
	avro_value_decref(&value);
	avro_value_iface_decref(iface);
	avro_schema_decref(schema);
	avro_file_reader_close(reader);
}

int
main(int argc, char **argv)
{
	return peer_main(argc, argv, look);
}

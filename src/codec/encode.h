/* SPDX-License-Identifier: MIT */
/*
 * The writing side: whole container messages of the reference's six schemas, as
 * its generator writes them (one record, no compression, the metadata in either
 * order); and the container's parts one by one, for whoever has records of other
 * schemas. Everything is appended to a buffer. An encoder is for one thread.
 */
#ifndef CODEC_ENCODE_H
#define CODEC_ENCODE_H

#include "base/buf.h"
#include "model/event.h"

enum { ENCODE_SYNC = 16 };

/* How a container is written. The sync marker is the caller's choice: chance is
 * passed in. encode_event() and encode_document() have a schema of their own and
 * do not compress: they look at neither schema nor codec. */
struct encode_frame {
	struct slice schema;       /* JSON */
	const char *codec;         /* "null" or "deflate" (the records are), NULL is "null" */
	bool codec_first;          /* avro.codec stands before avro.schema */
	unsigned char sync[ENCODE_SYNC];
};

/* The schema that the reference writes events of KIND with; null for EVENT_OTHER. */
struct slice encode_schema(enum event_kind kind);

struct encoder;

struct encoder *encoder_new(void);
void encoder_free(struct encoder *encoder);

/* The message of an event: a container of one record. False where E is of a kind
 * that has no schema, and for EVENT_DOCUMENT: that is encode_document()'s. */
bool encode_event(struct encoder *encoder, struct buf *out, const struct event *e, const struct encode_frame *frame);

struct encode_sample {
	double time; /* Unix seconds */
	float temperature;
};

/* An experiment_document: E's experiment and range, and the averages measured. */
void encode_document(struct encoder *encoder, struct buf *out, const struct event *e,
		     const struct encode_sample *samples, size_t n, const struct encode_frame *frame);

/* The parts of a container, for records encoded elsewhere. */
void encode_header(struct buf *out, const struct encode_frame *frame);
void encode_block(struct buf *out, const struct encode_frame *frame, size_t count, struct slice records);
void encode_long(struct buf *out, int64_t n);
void encode_string(struct buf *out, struct slice s);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What librdkafka complains about, in one clear sentence that names the thing
 * and the way out. One table, read from the top: the error's code and a piece
 * of its text choose the row. Pure; any thread may call.
 */
#ifndef KAFKA_FAULT_H
#define KAFKA_FAULT_H

#include "base/err.h"

#include <stddef.h>

enum fault_verdict {
	FAULT_IGNORE, /* nothing the user should read */
	FAULT_NOTE,   /* worth a line in the log; the client goes on by itself */
	FAULT_TRY_ON, /* nothing works now, but it may later without a change of ours */
	FAULT_STOP    /* trying on makes no sense */
};

enum fault_doing { FAULT_ELSE, FAULT_READING, FAULT_COMMITTING, FAULT_WRITING };

/* What the error is about; NULL where unknown. */
struct fault_context {
	enum fault_doing doing;
	const char *brokers; /* as configured: named where the text names no broker */
	const char *topic, *group;
	const char *nearest; /* a topic of nearly that name */
	long message_max;    /* message.max.bytes of who writes */
	bool was_up;         /* a broker has answered before */
};

/* CODE is an rd_kafka_resp_err_t, TEXT the library's words for it (NULL: none). */
enum fault_verdict fault_explain(int code, const char *text, const struct fault_context *context, struct err *out);

/* Why rd_kafka_new() failed, from its error string; always false. */
bool fault_of_creation(const char *text, struct err *out);

/* SENTENCE without its promise to try on, for who has given up. */
void fault_unpromise(char *sentence);

#endif

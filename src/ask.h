/* SPDX-License-Identifier: MIT */
/*
 * One question to a cluster, for verbs that end: asked, waited for, answered.
 * Main thread.
 */
#ifndef ASK_H
#define ASK_H

#include "kafka/asker.h"

struct ask;

/* A client for CONFIG that gives up TIMEOUT_MS from now. NULL with a sentence. */
struct ask *ask_new(const struct kafka_config *config, int64_t timeout_ms, struct err *err);

/* Have Q (swallowed) answered; a question that no broker answered is asked again until
 * the time is over. NULL with a sentence when it could not be, or a signal came. */
struct inquiry *ask(struct ask *a, struct inquiry *q, struct err *err);

/* An empty question, to be filled and handed to ask(). */
struct inquiry *ask_about(struct ask *a, enum inquiry_kind kind, const char *group);

/* False when a call still waits for a broker: the program ends by cmd_end(). */
bool ask_free(struct ask *a);

#endif

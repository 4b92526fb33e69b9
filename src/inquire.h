/* SPDX-License-Identifier: MIT */
/*
 * Asking the brokers and waiting for the answer, for verbs that ask a few things
 * and end. Main thread.
 */
#ifndef INQUIRE_H
#define INQUIRE_H

#include "kafka/asker.h"

enum { INQUIRE_AT_ONCE = 4 };

struct inquirer;

/* Waits at most TIMEOUT_MS for each answer. NULL with a sentence. */
struct inquirer *inquirer_new(const struct kafka_config *kafka, int timeout_ms, struct err *err);

/* Whether the last question got no answer at all, in time or before a signal. Then
 * nothing more can be asked, and the program ends by _exit. */
bool inquirer_gave_up(const struct inquirer *i);

/* Put Q, which is swallowed, among the questions under way, up to INQUIRE_AT_ONCE
 * of them answered at a time; inquirer_take waits for whichever answer comes next. */
void inquirer_post(struct inquirer *i, struct inquiry *q);
struct inquiry *inquirer_take(struct inquirer *i, struct err *err);

/* Ask Q, which is swallowed, again while no broker answers; no other may be under way. Its answer, also where that
 * is not ok: the sentence is in its err. NULL, with the sentence in ERR, when none came. */
struct inquiry *inquirer_ask(struct inquirer *i, struct inquiry *q, struct err *err);

/* The same; and NULL with its sentence where the answer is not ok. */
struct inquiry *inquirer_ok(struct inquirer *i, struct inquiry *q, struct err *err);

/* Wait MS, or less: false when a signal came. */
bool inquirer_rest(struct inquirer *i, int ms);

/* False when a call still waits for a broker: the program ends by _exit. */
bool inquirer_free(struct inquirer *i);

#endif

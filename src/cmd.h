/* SPDX-License-Identifier: MIT */
/*
 * The verbs, and what they share. Each verb is one function in a file of its own
 * that parses what is left to parse, wires, runs and tears down; it returns the
 * exit status.
 */
#ifndef CMD_H
#define CMD_H

#include "inquire.h"
#include "cluster.h"
#include "conf/options.h"
#include "engine/engine.h"
#include "program.h"

int cmd_monitor(const struct options *o);
int cmd_consume(const struct options *o);
int cmd_broker(const struct options *o);
int cmd_produce(const struct options *o);
int cmd_topics(const struct options *o);
int cmd_groups(const struct options *o);
int cmd_plan(const struct options *o);
int cmd_rate(const struct options *o);
int cmd_record(const struct options *o);
int cmd_replay(const struct options *o);
int cmd_report(const struct options *o);
int cmd_verify(const struct options *o);
int cmd_config(const struct options *o);

/* "exptop: SENTENCE" on stderr, sanitised. Any thread. */
void cmd_complain(const char *sentence);

/* Standard input and output are a terminal that can show a screen. */
bool cmd_has_screen(void);
bool cmd_wants_colour(const struct options *o);

/* The topics as the user named them, "a, b"; the caller's to free. */
char *cmd_topic_names(const struct options *o);

/* The cluster that the options name, asking for a password where it takes one and
 * somebody is there; NULL with a sentence. */
struct cluster *cmd_cluster(const struct options *o, struct err *err);

/* Somebody to ask that cluster, who gives up after --timeout. NULL with a sentence. */
struct inquirer *cmd_ask(struct cluster *c, const struct options *o, struct err *err);

/* Make a topic as the options say, and say so. */
bool cmd_create_topic(const struct options *o, struct inquirer *a, const char *name, struct err *err);

/* --speed: INFINITY as fast as it goes; FALLBACK where nothing is said. False with a sentence. */
bool cmd_speed(const struct options *o, double fallback, double *speed, struct err *err);

/* --seconds in milliseconds, -1 without. */
int64_t cmd_run_ms(const struct options *o);

/* End the program at once: a library's threads go on, and must not see it torn down. */
_Noreturn void cmd_end(int status);

/* The same, said: the engine could not leave in time. */
_Noreturn void cmd_abandon(int status);

/* Wait until the engine ends, a signal asks for it or, where it prints, nobody reads standard output any more; the exit
 * status. */
int cmd_wait(struct engine *e, bool printing);

/* End the engine: commit, leave the group; cmd_abandon() with STATUS when that takes too long. */
void cmd_leave(struct engine *e, int status);

#endif

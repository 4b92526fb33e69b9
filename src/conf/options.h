/* SPDX-License-Identifier: MIT */
/*
 * The values of all options, each with where it came from. Sources may be read
 * in any order: a value is kept when its source is at least as strong as that
 * of the value there is (defaults < file < environment < options < -X).
 *
 * Made, filled and read by one thread; the strings that getters return are
 * borrowed and live as long as the options.
 */
#ifndef CONF_OPTIONS_H
#define CONF_OPTIONS_H

#include "base/strings.h"
#include "conf/option.h"

#include <stdint.h>

enum option_source { FROM_DEFAULT, FROM_FILE, FROM_ENVIRONMENT, FROM_ARGUMENT, FROM_PROPERTY };

struct options;

struct options *options_new(void); /* every option has its default */
void options_free(struct options *o);

/* The monitor, until a verb is set; named: it was. */
enum verb options_verb(const struct options *o);
bool options_verb_named(const struct options *o);
void options_set_verb(struct options *o, enum verb verb);

/* The plain arguments of a verb that takes words, in order. */
const struct strings *options_words(const struct options *o);
void options_add_word(struct options *o, const char *word);

/* Set a value, or add one item to a list, as SOURCE at WHERE says ("--brokers",
 * "/etc/exptop.conf:3" ..). False, with WHERE in front of what was expected,
 * when the value is none for this option. */
bool options_set(struct options *o, enum option_id id, const char *text, enum option_source source, const char *where,
		 struct err *err);

/* After all sources: properties (-X) that are options by another name become
 * those options (bootstrap.servers, group.id, auto.offset.reset, enable.auto.commit).
 * And the demo, which writes, takes a cluster from the command line only: brokers,
 * credentials and properties from a file or the environment are not meant for it. */
bool options_settle(struct options *o, struct err *err);

/* What the value is; the option must have a type that fits. */
bool options_flag(const struct options *o, enum option_id id);
const char *options_text(const struct options *o, enum option_id id);  /* NULL: not set */
int64_t options_integer(const struct options *o, enum option_id id);   /* -1: not set */
double options_number(const struct options *o, enum option_id id);     /* NaN: not set */
int options_choice(const struct options *o, enum option_id id);        /* index in the row's choices, -1: not set */
const struct strings *options_list(const struct options *o, enum option_id id);

enum option_source options_source(const struct options *o, enum option_id id);

/* Somebody said so: the value is not the default. */
bool options_given(const struct options *o, enum option_id id);

/* "default", "/etc/exptop.conf:3", "EXPTOP_BROKERS", "--brokers", "-X group.id"; of item I of a list. */
const char *options_origin(const struct options *o, enum option_id id);
const char *options_item_origin(const struct options *o, enum option_id id, size_t i);

/* Put the option's origin in front of ERR, for values that are checked later; always false. */
bool options_blame(const struct options *o, enum option_id id, struct err *err);

#endif

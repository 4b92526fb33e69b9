/* SPDX-License-Identifier: MIT */
#include "conf/environment.h"

#include "base/alloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "EXPTOP_";

/* Of ours, and not options: secrets that have no place on a command line. */
static const char *const others[] = {"EXPTOP_KEYSTORE_PASSWORD"};

const char *
environment_get(char *const *variables, const char *name)
{
	size_t n = strlen(name);

	for (; variables && *variables; variables++)
		if (strncmp(*variables, name, n) == 0 && (*variables)[n] == '=')
			return (*variables)[n + 1] ? *variables + n + 1 : NULL;
	return NULL;
}

static bool
set_each(struct options *o, enum option_id id, const char *value, const char *where, struct err *err)
{
	const char *separator = option_row(id)->type == TYPE_PAIRS ? ";" : ",";
	char *items = xstrdup(value), *rest = NULL;
	bool ok = true;

	for (char *item = strtok_r(items, separator, &rest); ok && item; item = strtok_r(NULL, separator, &rest))
		ok = options_set(o, id, item, FROM_ENVIRONMENT, where, err);
	free(items);
	return ok;
}

bool
environment_read_option(struct options *o, enum option_id id, char *const *variables, struct err *err)
{
	enum option_type type = option_row(id)->type;
	struct buf name = {0};
	const char *value;
	bool ok = true;

	option_environment_name(&name, id);
	value = environment_get(variables, buf_cstr(&name));
	if (value && (type == TYPE_LIST || type == TYPE_PAIRS))
		ok = set_each(o, id, value, buf_cstr(&name), err);
	else if (value)
		ok = options_set(o, id, value, FROM_ENVIRONMENT, buf_cstr(&name), err);
	buf_free(&name);
	return ok;
}

/* VARIABLE is NAME=VALUE with our prefix: say so when nothing reads it. */
static void
warn_unknown(const char *variable, struct strings *warnings)
{
	size_t n = strcspn(variable, "=");
	struct buf name = {0}, meant = {0};
	const char *nearest;
	enum option_id id;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (slice_is((struct slice){variable, n}, others[i]))
			return;
	for (const char *p = variable + strlen(prefix); p < variable + n; p++)
		buf_char(&name, *p == '_' ? '-' : (char)tolower((unsigned char)*p));
	nearest = option_nearest_name((struct slice){name.p, name.n});
	if (nearest && option_find(slice_str(nearest), &id))
		option_environment_name(&meant, id);
	if (!nearest)
		strings_addf(warnings, "the variable %.*s is ignored: it is no option", (int)n, variable);
	else if (strncmp(buf_cstr(&meant), variable, n) != 0 || meant.n != n)
		strings_addf(warnings, "the variable %.*s is ignored; did you mean %s?", (int)n, variable, meant.p);
	else if (option_row(id)->flags & NOT_IN_ENVIRONMENT)
		strings_addf(warnings, "the variable %.*s is ignored: --%s belongs on the command line", (int)n,
			     variable, nearest);
	buf_free(&name);
	buf_free(&meant);
}

bool
environment_read(struct options *o, char *const *variables, struct strings *warnings, struct err *err)
{
	for (enum option_id id = 0; id < OPTION_COUNT; id++)
		if (!(option_row(id)->flags & NOT_IN_ENVIRONMENT) && !environment_read_option(o, id, variables, err))
			return false;
	for (char *const *v = variables; v && *v; v++)
		if (strncmp(*v, prefix, strlen(prefix)) == 0)
			warn_unknown(*v, warnings);
	return true;
}

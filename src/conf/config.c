/* SPDX-License-Identifier: MIT */
#include "conf/config.h"

#include "base/alloc.h"
#include "conf/environment.h"
#include "conf/file.h"
#include "conf/secret.h"

#include <errno.h>
#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONFIG_BYTES = 1 << 20 };

struct reader {
	struct options *o;
	const char *file, *home;
	struct strings *warnings;
	struct err *err;
};

/* The file that libconfig calls INCLUDED: NULL is the one being read, another was
 * included by it. The caller frees. */
static char *
source_file(const char *file, const char *included)
{
	return included ? file_resolve(included, file, NULL) : xstrdup(file);
}

static char *
setting_place(const struct reader *r, const config_setting_t *setting)
{
	char *file = source_file(r->file, config_setting_source_file(setting));
	char *place = xasprintf("%s:%d", file, config_setting_source_line(setting));

	free(file);
	return place;
}

/* PATH as SETTING means it. */
static char *
setting_path(const struct reader *r, const config_setting_t *setting, const char *path)
{
	char *file = source_file(r->file, config_setting_source_file(setting));
	char *resolved = file_resolve(path, file, r->home);

	free(file);
	return resolved;
}

/* The value of a scalar as text; NULL for a group, an array or a list. */
static char *
scalar_text(const config_setting_t *s)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_STRING:
		return xstrdup(config_setting_get_string(s));
	case CONFIG_TYPE_INT:
		return xasprintf("%d", config_setting_get_int(s));
	case CONFIG_TYPE_INT64:
		return xasprintf("%lld", config_setting_get_int64(s));
	case CONFIG_TYPE_FLOAT:
		return xasprintf("%.15g", config_setting_get_float(s));
	case CONFIG_TYPE_BOOL:
		return xstrdup(config_setting_get_bool(s) ? "true" : "false");
	default:
		return NULL;
	}
}

static const char *
expected(enum option_id id)
{
	return option_row(id)->type == TYPE_FLAG ? "true or false" : option_metavar(id, VERB_MONITOR);
}

static bool
read_scalar(struct reader *r, enum option_id id, const config_setting_t *s)
{
	const char *name = option_row(id)->name;
	char *text = scalar_text(s), *place = setting_place(r, s);
	bool boolean = text && config_setting_type(s) == CONFIG_TYPE_BOOL;
	struct err why;
	bool ok;

	if (!text || (boolean && option_row(id)->type != TYPE_FLAG)) {
		ok = err_set(r->err, "%s: %s: expected %s, not %s", place, name, expected(id),
			     text ? text : "a group or list");
	} else if (!option_check(id, text, &why)) {
		ok = err_set(r->err, "%s: %s: %s", place, name, why.text);
	} else {
		char *path = option_row(id)->type == TYPE_PATH ? setting_path(r, s, text) : NULL;

		ok = options_set(r->o, id, path ? path : text, FROM_FILE, place, r->err);
		free(path);
	}
	free(text);
	free(place);
	return ok;
}

static bool
read_setting(struct reader *r, enum option_id id, const config_setting_t *s)
{
	enum option_type type = option_row(id)->type;
	bool many = config_setting_is_array(s) || config_setting_is_list(s);

	if (!many || (type != TYPE_LIST && type != TYPE_PAIRS))
		return read_scalar(r, id, s);
	for (int i = 0; i < config_setting_length(s); i++)
		if (!read_scalar(r, id, config_setting_get_elem(s, (unsigned)i)))
			return false;
	return true;
}

static void
warn_unknown(struct reader *r, const config_setting_t *s)
{
	const char *name = config_setting_name(s), *nearest = option_nearest_name(slice_str(name));
	char *place = setting_place(r, s);
	enum option_id id;

	if (option_find(slice_str(name), &id))
		strings_addf(r->warnings, "%s: %s is ignored: it belongs on the command line", place, name);
	else if (nearest)
		strings_addf(r->warnings, "%s: unknown option %s is ignored; did you mean %s?", place, name, nearest);
	else
		strings_addf(r->warnings, "%s: unknown option %s is ignored; exptop config lists them", place, name);
	free(place);
}

static bool
read_settings(struct reader *r, const config_setting_t *root)
{
	enum option_id id;

	for (int i = 0; i < config_setting_length(root); i++) {
		const config_setting_t *s = config_setting_get_elem(root, (unsigned)i);

		if (!option_find(slice_str(config_setting_name(s)), &id) || (option_row(id)->flags & NOT_IN_FILE))
			warn_unknown(r, s);
		else if (!read_setting(r, id, s))
			return false;
	}
	return true;
}

/* What libconfig found wrong, with what it does not say. */
static void
say_wrong_form(const config_t *config, const char *file, struct err *err)
{
	const char *problem = config_error_text(config);
	char *where = source_file(file, config_error_file(config));
	bool syntax = strcmp(problem, "syntax error") == 0;

	err_set(err, "%s:%d: %s%s", where, config_error_line(config), problem,
		syntax ? "; expected NAME = VALUE; with texts in quotes" : "");
	free(where);
}

bool
config_load_file(struct options *o, const char *file, const char *home, struct strings *warnings, struct err *err)
{
	struct reader r = {o, file, home, warnings, err};
	char *folder = file_folder(file);
	struct buf text = {0};
	config_t config;
	bool ok = false;

	config_init(&config);
	config_set_include_dir(&config, folder);
	if (!file_read(&text, file, CONFIG_BYTES, err))
		goto out;
	if (memchr(text.p, '\0', text.n)) {
		err_set(err, "%s is no text file: expected lines like brokers = \"localhost:9092\";", file);
		goto out;
	}
	if (config_read_string(&config, buf_cstr(&text)))
		ok = read_settings(&r, config_root_setting(&config));
	else
		say_wrong_form(&config, file, err);
out:
	config_destroy(&config);
	buf_free(&text);
	free(folder);
	return ok;
}

/* Whether FILE is there, or cannot be looked for: reading it then says why. */
static bool
may_exist(const char *file)
{
	return access(file, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* The file to read where none was named; NULL when there is none. */
static char *
default_file(char *const *variables, const char *system_folder)
{
	const char *user = environment_get(variables, "XDG_CONFIG_HOME"), *home = environment_get(variables, "HOME");
	char *file = NULL;

	if (user && user[0] == '/')
		file = xasprintf("%s/exptop/exptop.conf", user);
	else if (home)
		file = xasprintf("%s/.config/exptop/exptop.conf", home);
	if (file && may_exist(file))
		return file;
	free(file);
	file = xasprintf("%s/exptop.conf", system_folder);
	if (may_exist(file))
		return file;
	free(file);
	return NULL;
}

bool
config_load(struct options *o, char *const *variables, const char *system_folder, struct strings *warnings,
	    struct err *err)
{
	const char *home = environment_get(variables, "HOME");
	char *file;
	bool ok;

	if (!environment_read(o, variables, warnings, err))
		return false;
	if (options_given(o, OPT_CONFIG))
		file = xstrdup(options_text(o, OPT_CONFIG));
	else
		file = default_file(variables, system_folder);
	ok = !file || (options_set(o, OPT_CONFIG, file, FROM_DEFAULT, "default", err) &&
		       config_load_file(o, file, home, warnings, err));
	free(file);
	return ok && options_settle(o, err) && secret_key_read(o, err);
}

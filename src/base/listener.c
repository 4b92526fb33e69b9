/* SPDX-License-Identifier: MIT */
#include "base/listener.h"

#include "base/buf.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

enum { STATE_LISTEN = 0x0a, LINE_MOST = 512, TABLE_MOST = 16 << 20 };

/* "   0: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 .." */
static bool
read_line(struct slice line, unsigned *port, unsigned *state, unsigned *user)
{
	char text[LINE_MOST];

	if (line.n >= sizeof(text))
		return false;
	memcpy(text, line.p, line.n);
	text[line.n] = '\0';
	return sscanf(text, " %*d: %*[0-9A-Fa-f]:%4x %*[0-9A-Fa-f]:%*4x %2x %*8x:%*8x %*2x:%*8x %*8x %u", port, state,
		      user) == 3;
}

enum listener
listener_in(struct slice table, int port, uid_t us, uid_t *owner)
{
	enum listener found = LISTENER_NONE;

	while (table.n > 0) {
		const char *end = memchr(table.p, '\n', table.n);
		struct slice line = {table.p, end ? (size_t)(end - table.p) : table.n};
		unsigned at, state, user;

		table.p += line.n + (end != NULL);
		table.n -= line.n + (end != NULL);
		if (!read_line(line, &at, &state, &user) || state != STATE_LISTEN || (int)at != port)
			continue;
		if ((uid_t)user != us) {
			*owner = (uid_t)user;
			return LISTENER_OTHERS;
		}
		found = LISTENER_OURS;
	}
	return found;
}

/* False where there is no such list. */
static bool
read_table(const char *path, struct buf *out)
{
	FILE *in = fopen(path, "re");
	size_t n;

	if (!in)
		return false;
	while (out->n < TABLE_MOST && (n = fread(buf_reserve(out, 65536), 1, 65536, in)) > 0)
		out->n += n;
	fclose(in);
	return out->n > 0;
}

enum listener
listener_of(int port, uid_t *owner)
{
	static const char *const paths[] = {"/proc/net/tcp", "/proc/net/tcp6"};
	enum listener found = LISTENER_UNKNOWN;

	for (int i = 0; i < 2 && found != LISTENER_OTHERS; i++) {
		struct buf table = {0};

		if (read_table(paths[i], &table)) {
			enum listener here = listener_in((struct slice){table.p, table.n}, port, geteuid(), owner);

			if (found == LISTENER_UNKNOWN || here != LISTENER_NONE)
				found = here;
		}
		buf_free(&table);
	}
	return found;
}

void
listener_name(uid_t user, char *out, size_t size)
{
	char room[4096];
	struct passwd entry, *found = NULL;

	if (getpwuid_r(user, &entry, room, sizeof(room), &found) == 0 && found)
		snprintf(out, size, "%s", found->pw_name);
	else
		snprintf(out, size, "%lu", (unsigned long)user);
}

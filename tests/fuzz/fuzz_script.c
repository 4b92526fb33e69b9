/* SPDX-License-Identifier: MIT */
/* Any bytes as a script of keys: it is played to its end, or ends with the line that is wrong. */
/* Words: script.dict */
#include "fuzz.h"

#include "base/clock.h"
#include "ui/script.h"

struct host {
	struct canvas *canvas;
	size_t keys;
};

static void
resize(void *ctx, int rows, int columns)
{
	struct host *h = ctx;

	require(rows > 0 && columns > 0 && rows <= 1000 && columns <= 1000);
	canvas_resize(h->canvas, rows, columns);
}

static bool
pass(void *ctx, struct err *err)
{
	(void)ctx;
	(void)err;
	require(clock_wall_ms() >= 0);
	return true;
}

static bool
press(void *ctx, int key, struct err *err)
{
	(void)err;
	require(key != 0);
	((struct host *)ctx)->keys++;
	return true;
}

static const struct canvas *
draw(void *ctx)
{
	return ((struct host *)ctx)->canvas;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct host h = {canvas_new(24, 80), 0};
	const struct script_host host = {&h, resize, pass, press, pass, draw};
	struct err err = {{0}};
	char path[FUZZ_PATH];
	int fd = fuzz_file(path, (struct slice){(const char *)data, size});
	bool ok;

	clock_fix(1);
	ok = script_run(path, "/nowhere", &host, &err); /* so that nothing is ever dumped */
	require(ok == (err.text[0] == '\0') && (ok || strncmp(err.text, path, strlen(path)) == 0));
	require(h.keys <= size);
	close(fd);
	canvas_free(h.canvas);
	return 0;
}

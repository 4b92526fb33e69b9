/* SPDX-License-Identifier: MIT */
/*
 * A page served over HTTP: GET /metrics, and nothing else, with connections kept
 * open and several at once, by a thread of the library's. The only user of
 * libmicrohttpd.
 */
#ifndef LOAD_SERVE_H
#define LOAD_SERVE_H

#include "base/buf.h"
#include "base/err.h"

enum { SERVE_CONNECTIONS = 64, SERVE_IDLE_S = 30, SERVE_FIRST_PORT = 3001, SERVE_LAST_PORT = 3020 };
enum { SERVE_LOOKS_MS = 1500 /* whoever looks each second has looked by then */ };

typedef void (*serve_page_fn)(void *ctx, struct buf *out); /* append the page; called on its thread */

struct serve;

/* At ADDRESS, "ADDR:PORT" ([ADDR]:PORT for IPv6; port 0: any), or ADDR alone: at
 * its first free port from SERVE_FIRST_PORT on. NULL with a sentence. */
struct serve *serve_start(const char *address, serve_page_fn page, void *ctx, struct err *err);

/* "127.0.0.1:3001", as it came to be; the server's own. */
const char *serve_address(const struct serve *s);

/* The page is as it will stay: where somebody looked at it within the last SERVE_LOOKS_MS, wait until it was looked at
 * once more, for as long at most, or until STOP_FD (-1: none) is readable. */
void serve_linger(struct serve *s, int stop_fd);
void serve_stop(struct serve *s);

#endif

/* SPDX-License-Identifier: MIT */
/* What a key asks of the engine: plain values, carried by its mailbox. */
#ifndef ENGINE_COMMAND_H
#define ENGINE_COMMAND_H

#include "model/status.h"

enum { COMMAND_TEXT = 128 };

enum notice_level { NOTICE_INFO, NOTICE_WARN, NOTICE_ERROR };

enum command_kind {
	COMMAND_SEEK_BEGINNING, /* b */
	COMMAND_SEEK_END,       /* e */
	COMMAND_POLICY,         /* o: `policy` from now on, applied at once */
	COMMAND_COMMIT_MODE,    /* m: `commit` from now on */
	COMMAND_COMMIT_NOW,     /* c */
	COMMAND_RESET,          /* R: the group to `to`; the feed asks before it does */
	COMMAND_ANSWER,         /* to the feed's question: `yes` */
	COMMAND_PLAY_BY,        /* a recording: `ms` on, or back */
	COMMAND_PLAY_PAUSE,     /* .. pause, or go on */
	COMMAND_PLAY_SPEED      /* .. so many times as fast: `speed` */
};

struct command {
	enum command_kind kind;
	enum policy policy;
	enum commit_mode commit;
	char to[COMMAND_TEXT]; /* a target as --seek takes it */
	bool yes;
	int64_t ms;
	double speed;
};

#endif

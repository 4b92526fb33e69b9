/* SPDX-License-Identifier: MIT */
/*
 * What only the codec can say of the records in a view: the text of a row, the
 * fields, schema and problem of a detail, from the bytes that the model put
 * there. Everything is written into the view's arena. Engine thread.
 */
#ifndef ENGINE_PRESENT_H
#define ENGINE_PRESENT_H

#include "base/buf.h"
#include "codec/container.h"
#include "model/view.h"

enum { PRESENT_TEXT = 600, PRESENT_FIELDS = 2000 }; /* bytes of a text, fields of a detail, at most */

void present(struct view *view, struct container_cache *cache);

/* The first event in VALUE that has a measurement_hash; false: there is none. ROOM keeps its sensors. */
bool present_event(struct slice value, struct container_cache *cache, struct buf *room, struct event *e);

#endif

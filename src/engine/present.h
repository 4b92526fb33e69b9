/* SPDX-License-Identifier: MIT */
/*
 * What only the codec can say of the records in a view: the text of a row, the
 * fields, headers, schema and problem of a detail. Reads the tail, writes into
 * the view's arena. Engine thread.
 */
#ifndef ENGINE_PRESENT_H
#define ENGINE_PRESENT_H

#include "codec/container.h"
#include "model/model.h"

enum { PRESENT_TEXT = 600, PRESENT_FIELDS = 2000, PRESENT_BYTES = 64 * 1024 };

void present(struct view *view, const struct model *model, struct container_cache *cache);

#endif

/* SPDX-License-Identifier: MIT */
/* Fill a view from the model: everything it holds is copied into the view's arena. */
#ifndef MODEL_ANSWER_H
#define MODEL_ANSWER_H

#include "model/inside.h"

/* As model_view(), at the model's `now`. */
void answer_fill(struct model *m, struct view *view);

#endif

/* The one route table. */
#pragma once

#include "server/http/call.h"

extern const HttpRoute routes[];
extern const gsize n_routes;

/* POST /api/v1/quick-courses: from five fields to a course that can be planned. */
#pragma once

#include "server/http/call.h"

void api_quick_course(HttpCall *call);

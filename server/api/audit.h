/* GET /api/v1/audit: who did what, when, to which row. */
#pragma once

#include "server/http/call.h"

void api_audit_list(HttpCall *call);

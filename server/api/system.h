/* Is it alive, is it ready, how is it doing. */
#pragma once

#include "server/http/call.h"

void api_healthz(HttpCall *call);
void api_readyz(HttpCall *call);
void api_metrics(HttpCall *call);

/* A person's own pages. */
#pragma once

#include "server/http/call.h"

void api_me(HttpCall *call);               /* GET /api/v1/me */
void api_me_update(HttpCall *call);        /* PATCH /api/v1/me */
void api_me_home(HttpCall *call);          /* GET /api/v1/me/home */
void api_me_devices(HttpCall *call);       /* GET /api/v1/me/devices */
void api_me_device_delete(HttpCall *call); /* DELETE /api/v1/me/devices/{id} */

/* Signing in and out, and who is looking. */
#pragma once

#include "server/api/app.h"
#include "server/http/call.h"

#define API_COOKIE "cronotopo"

/* HttpViewerFn: the person of the cookie's device. A stranger keeps the language asked for. */
void api_viewer(StoreDb *db, const HttpRequest *request, Viewer *viewer);
/* The id of the device this request comes from, "" for none. Returns id. */
char *api_device_id(StoreDb *db, const HttpRequest *request, char id[static STORE_ID_SIZE]);
/* Whether it was last seen over an hour ago. */
gboolean api_device_is_stale(StoreDb *db, const HttpRequest *request);

void api_sign_in(HttpCall *call);         /* POST /api/v1/sign-in */
void api_sign_in_link(HttpCall *call);    /* POST /api/v1/sign-in/link */
void api_sign_in_confirm(HttpCall *call); /* POST /api/v1/sign-in/confirm */
void api_enter(HttpCall *call);           /* GET /enter/{token} */
void api_sign_out(HttpCall *call);        /* POST /api/v1/sign-out */

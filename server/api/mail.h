/* Handlers of the outbox, its templates, and the demo's caught mail. */
#pragma once

#include "server/http/call.h"

void api_message_list(HttpCall *call);  /* ?state=&after= */
void api_template_list(HttpCall *call); /* built-in and changed texts */
void api_template_put(HttpCall *call);  /* {kind}/{language} */
void api_demo_mail_list(HttpCall *call);
void api_demo_mail_get(HttpCall *call);
void api_demo_mail_raw(HttpCall *call);      /* message/rfc822 */
void api_demo_mail_calendar(HttpCall *call); /* text/calendar */

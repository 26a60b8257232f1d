/* The mails of a release, written in small commands so that check-ins never wait behind them. */
#pragma once

#include "server/jobs/jobs.h"

/* Payload {"release"}. Result {"people"}. May be run again: who has a mail gets no second. */
gboolean release_messages(JobRun *run, GError **error);

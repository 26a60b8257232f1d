/* The one function a fuzz target has. libFuzzer calls it with inputs of its own making; without
 * libFuzzer, replay.c calls it with every file of the target's corpus. It aborts on a finding. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifndef MIXPACK_CBrotli_SHIM_H
#define MIXPACK_CBrotli_SHIM_H
#include <brotli/decode.h>
#endif

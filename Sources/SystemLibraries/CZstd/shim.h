#ifndef MIXPACK_CZstd_SHIM_H
#define MIXPACK_CZstd_SHIM_H
#include <zstd.h>
#endif

#ifndef MIXPACK_CDeflate_SHIM_H
#define MIXPACK_CDeflate_SHIM_H
#include <libdeflate.h>
#endif
